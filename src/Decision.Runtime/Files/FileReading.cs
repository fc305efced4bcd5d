using Decision.Engine.Findings;

namespace Decision.Runtime.Files;

/// <summary>One reading of all files.</summary>
/// <param name="Snapshot">The files as they were read, without their content.</param>
/// <param name="Findings">Every error and warning.</param>
/// <param name="Set">What they make; null when there is an error.</param>
internal sealed record FileReading(FileSnapshot Snapshot, FindingList Findings, FileSet? Set)
{
    public int Errors => Findings.Count(finding => finding.Severity == FindingSeverity.Error);
}
