namespace Decision.Engine.Findings;

/// <summary>Adds findings about one subject, and remembers which fields could not be read.</summary>
internal sealed class FindingScope(string subject, FindingList findings)
{
    private HashSet<string>? _failed;

    /// <summary>True when at least one error was added here.</summary>
    public bool HasErrors => _failed is not null;

    public string Subject => subject;

    public void Error(string field, string message)
    {
        (_failed ??= new HashSet<string>(StringComparer.Ordinal)).Add(field);
        findings.Error(subject, field, message);
    }

    public void Warn(string field, string message) => findings.Warn(subject, field, message);

    /// <summary>
    /// Adds the errors of a check of what was only partly read. Left out is what follows from a field that has its own error already: a field
    /// that could not be read counts as absent, and nobody needs to hear that it is missing.
    /// </summary>
    public void AddUnlessFailed(IEnumerable<Finding> checkedFindings)
    {
        foreach (var finding in checkedFindings)
        {
            if (_failed is null)
            {
                findings.AddRange([finding]);
            }
            else if (finding.Severity == FindingSeverity.Error && !_failed.Any(failed => IsSameOrWithin(finding.Field, failed)))
            {
                findings.AddRange([finding]);
            }
        }
    }

    /// <summary>The path of a field inside an object.</summary>
    public static string Join(string path, string field) => path.Length == 0 ? field : $"{path}.{field}";

    private static bool IsSameOrWithin(string field, string other) =>
        IsWithin(field, other) || IsWithin(other, field);

    private static bool IsWithin(string inner, string outer) =>
        inner.StartsWith(outer, StringComparison.Ordinal)
        && (inner.Length == outer.Length || outer.Length == 0 || inner[outer.Length] is '.' or '[');
}
