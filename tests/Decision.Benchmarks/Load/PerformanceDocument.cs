using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load;

/// <summary>docs/performance.md, where each theme's table has its place between two markers.</summary>
internal static class PerformanceDocument
{
    /// <summary>Where it lies in the repository.</summary>
    public const string File = "docs/performance.md";

    /// <summary>Puts a theme's text into its place.</summary>
    /// <param name="path">The document.</param>
    /// <param name="theme">The theme's name.</param>
    /// <param name="text">What goes between the markers; ends with a line feed.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="MeasureException">It has no place.</exception>
    public static async Task WriteAsync(string path, string theme, string text, CancellationToken cancellation)
    {
        string begin = $"<!-- load:{theme} -->\n", end = $"<!-- /load:{theme} -->";
        string document = await System.IO.File.ReadAllTextAsync(path, cancellation);
        int from = document.IndexOf(begin, StringComparison.Ordinal);
        int until = from < 0 ? -1 : document.IndexOf(end, from, StringComparison.Ordinal);
        if (until < 0)
        {
            throw new MeasureException($"{path} has no place for the theme {theme}: write a line {begin.TrimEnd()} and after it a line {end}.");
        }

        await System.IO.File.WriteAllTextAsync(path, document[..(from + begin.Length)] + text + document[until..], cancellation);
    }
}
