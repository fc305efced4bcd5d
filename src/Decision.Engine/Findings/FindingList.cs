using System.Collections;

namespace Decision.Engine.Findings;

/// <summary>Collects all findings of one reading or validation, so that a person mends everything at once.</summary>
public sealed class FindingList : IReadOnlyList<Finding>
{
    private readonly List<Finding> _findings = [];

    /// <summary>True when at least one finding refuses.</summary>
    public bool HasErrors { get; private set; }

    /// <inheritdoc />
    public int Count => _findings.Count;

    /// <inheritdoc />
    public Finding this[int index] => _findings[index];

    /// <summary>Adds a finding that refuses.</summary>
    public void Error(string subject, string field, string message)
    {
        HasErrors = true;
        _findings.Add(new Finding(subject, field, message, FindingSeverity.Error));
    }

    /// <summary>Adds a finding that only warns.</summary>
    public void Warn(string subject, string field, string message) =>
        _findings.Add(new Finding(subject, field, message, FindingSeverity.Warning));

    /// <summary>Adds findings made elsewhere.</summary>
    public void AddRange(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings)
        {
            HasErrors |= finding.Severity == FindingSeverity.Error;
            _findings.Add(finding);
        }
    }

    /// <inheritdoc />
    public IEnumerator<Finding> GetEnumerator() => _findings.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
