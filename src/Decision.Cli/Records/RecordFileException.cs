using Decision.Cli.Failures;
using Decision.Engine.Findings;

namespace Decision.Cli.Records;

/// <summary>A file has errors; all of them.</summary>
internal sealed class RecordFileException(IReadOnlyList<Finding> findings) : Exception("The file has errors.")
{
    public IReadOnlyList<Violation> Violations { get; } =
    [
        .. findings
            .Where(finding => finding.Severity == FindingSeverity.Error)
            .Select(finding => new Violation(finding.Field.Length > 0 ? $"{finding.Subject}: {finding.Field}" : finding.Subject, finding.Message)),
    ];
}
