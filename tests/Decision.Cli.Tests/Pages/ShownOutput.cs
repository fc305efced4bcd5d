using System.Text.RegularExpressions;

namespace Decision.Cli.Tests.Pages;

/// <summary>Compares the output that a page shows with what came: every line that is shown must have come, in that order.</summary>
internal static partial class ShownOutput
{
    /// <summary>The first line that is shown and did not come; null = all came.</summary>
    /// <param name="shown">The page's lines; <c>...</c> alone stands for any.</param>
    /// <param name="output">What came.</param>
    public static string? FirstMissing(IEnumerable<string> shown, string output)
    {
        using var came = output.Split('\n').Select(WithoutWhatDiffers).GetEnumerator();
        foreach (string line in shown.Where(line => line.Trim() is not ("..." or "")))
        {
            string wanted = WithoutWhatDiffers(line);
            do
            {
                if (!came.MoveNext())
                {
                    return line;
                }
            }
            while (came.Current != wanted);
        }

        return null;
    }

    // Ids, moments and durations are others in each run; columns are as wide as these.
    private static string WithoutWhatDiffers(string line)
    {
        line = KeyPattern().Replace(line, "KEY");
        line = MomentPattern().Replace(line, "MOMENT");
        line = IdPattern().Replace(line, "ID");
        line = DurationPattern().Replace(line, "DURATION");
        line = MillisecondPattern().Replace(line, "MS");
        return BlankPattern().Replace(line, " ").Trim();
    }

    [GeneratedRegex(@"dk_[A-Za-z0-9]{16}_[A-Za-z0-9]+|dk_[A-Za-z0-9]{16}_\.\.\.|dk_\.\.\.", RegexOptions.CultureInvariant)]
    private static partial Regex KeyPattern();

    [GeneratedRegex(@"\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?( UTC|Z)?", RegexOptions.CultureInvariant)]
    private static partial Regex MomentPattern();

    [GeneratedRegex(@"\b(?=[a-zA-Z]*\d)[A-Za-z0-9]{16,}\b|\b[A-Za-z0-9]{16}\b", RegexOptions.CultureInvariant)]
    private static partial Regex IdPattern();

    [GeneratedRegex(@"\bin \d+(\.\d+)?(ms|s|m|h|d)( \d+(s|m|h))*", RegexOptions.CultureInvariant)]
    private static partial Regex DurationPattern();

    [GeneratedRegex(@"\b\d+(\.\d+)? ms\b", RegexOptions.CultureInvariant)]
    private static partial Regex MillisecondPattern();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex BlankPattern();
}
