using Decision.Contracts.Admin.V1;

namespace Decision.Cli.Results;

/// <summary>Warnings that came with an answer.</summary>
internal static class Findings
{
    /// <summary>Tells them on the error stream; in JSON they are part of the result.</summary>
    public static void Tell(this Output output, IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            output.Note(Sentence(finding));
        }
    }

    /// <summary>As <c>warning: access_rights.orders: ...</c></summary>
    public static string Sentence(Finding finding)
    {
        string severity = finding.Severity == Severity.Error ? "error" : "warning";
        string place = string.Join(' ', new[] { finding.Subject, finding.Field }.Where(part => part.Length > 0));
        return place.Length > 0 ? $"{severity}: {place}: {finding.Message}" : $"{severity}: {finding.Message}";
    }
}
