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
    /// Adds the errors of a check of what was only partly read. Left out is what follows from a field that has its own error already: a
    /// field that could not be read counts as absent, and nobody needs to hear that it is missing.
    /// </summary>
    public void AddUnlessFailed(IEnumerable<Finding> checkedFindings)
    {
        if (_failed is null)
        {
            findings.AddRange(checkedFindings);
            return;
        }

        var around = new HashSet<string>(_failed.SelectMany(Enclosing), StringComparer.Ordinal);
        findings.AddRange(checkedFindings.Where(finding =>
            finding.Severity == FindingSeverity.Error
            && !around.Contains(finding.Field)
            && !Enclosing(finding.Field).Any(_failed.Contains)));
    }

    /// <summary>The path of a field inside an object.</summary>
    public static string Join(string path, string field) => path.Length == 0 ? field : $"{path}.{field}";

    // The field itself and everything that it is in, but for the whole: an error of the whole says nothing about its fields.
    private static IEnumerable<string> Enclosing(string field)
    {
        for (var length = field.Length; length > 0; length = field.AsSpan(0, length).LastIndexOfAny('.', '['))
        {
            yield return field[..length];
        }
    }
}
