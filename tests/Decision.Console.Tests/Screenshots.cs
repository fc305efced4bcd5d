using System.Reflection;

namespace Decision.Console.Tests;

/// <summary>Pictures, where <c>DECISION_SCREENSHOTS</c> names a folder for them; those of the docs are in docs/images.</summary>
internal static class Screenshots
{
    private static readonly string Root =
        typeof(Screenshots).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryFolder").Value!;

    private static readonly string? Folder = Environment.GetEnvironmentVariable("DECISION_SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    /// <summary>Whether pictures are taken.</summary>
    public static bool AreTaken => Folder is not null;

    /// <summary>A picture for the docs.</summary>
    public static Task TakeAsync(ConsoleWindow window, string name) => TakeAsync(window, Path.Combine(Root, "docs", "images", $"console-{name}.png"), isWhole: false);

    /// <summary>A picture of all of a page, to be looked at by whoever changed it.</summary>
    public static Task LookAsync(ConsoleWindow window, string name) =>
        TakeAsync(window, Path.Combine(Folder ?? "", (name.Length == 0 ? "overview" : name.Replace('/', '-')) + ".png"), isWhole: true);

    private static async Task TakeAsync(ConsoleWindow window, string file, bool isWhole)
    {
        if (AreTaken)
        {
            await window.Page.EvaluateAsync("window.scrollTo(0, 0)");
            await window.Page.ScreenshotAsync(new() { Path = file, FullPage = isWhole });
        }
    }
}
