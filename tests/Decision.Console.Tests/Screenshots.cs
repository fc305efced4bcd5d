using System.Reflection;

namespace Decision.Console.Tests;

/// <summary>Pictures for the docs, where <c>DECISION_SCREENSHOTS</c> is set.</summary>
internal static class Screenshots
{
    public static async Task TakeAsync(ConsoleWindow window, string name)
    {
        if (Environment.GetEnvironmentVariable("DECISION_SCREENSHOTS") is { Length: > 0 })
        {
            string root = typeof(Screenshots).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == "RepositoryFolder").Value!;
            await window.Page.ScreenshotAsync(new() { Path = Path.GetFullPath(Path.Combine(root, "docs", "console", name + ".png")) });
        }
    }
}
