using Decision.Engine.Findings;

namespace Decision.Server.TykApi.Answers;

/// <summary>Findings as text.</summary>
internal static class Sentences
{
    /// <summary>Every error.</summary>
    public static string Join(IEnumerable<Finding> findings) =>
        string.Join(" ", findings.Where(finding => finding.Severity == FindingSeverity.Error).Select(finding => finding.ToString()));

    /// <summary>Every warning.</summary>
    public static string[] Warnings(IEnumerable<Finding> findings) =>
        [.. findings.Where(finding => finding.Severity == FindingSeverity.Warning).Select(finding => finding.ToString())];
}
