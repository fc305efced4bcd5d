using Decision.Engine.Findings;

namespace Decision.Runtime.Administration;

/// <summary>An admin call was refused and changed nothing. The message and the findings are safe to show.</summary>
public sealed class AdministrationException : Exception
{
    /// <summary>A refusal with one sentence.</summary>
    public AdministrationException(AdministrationError error, string message)
        : base(message) => Error = error;

    /// <summary>A wrong request, with all that is wrong.</summary>
    public AdministrationException(IReadOnlyList<Finding> findings)
        : base(string.Join(" ", findings.Where(finding => finding.Severity == FindingSeverity.Error)))
    {
        Error = AdministrationError.Invalid;
        Findings = findings;
    }

    /// <summary>A wrong request, in one field.</summary>
    public AdministrationException(string field, string message)
        : this([new Finding("request", field, message, FindingSeverity.Error)])
    {
    }

    /// <summary>What kind.</summary>
    public AdministrationError Error { get; }

    /// <summary>All that is wrong; empty for the other kinds.</summary>
    public IReadOnlyList<Finding> Findings { get; } = [];

    internal static void ThrowIfErrors(FindingList findings)
    {
        if (findings.HasErrors)
        {
            throw new AdministrationException(findings);
        }
    }
}
