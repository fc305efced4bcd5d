using Decision.Engine.Findings;

namespace Decision.Console.Documents;

/// <summary>What a written API, organisation or policy is, and everything that is wrong with it.</summary>
/// <param name="Value">What it is; null = it cannot be read, or has an error.</param>
/// <param name="Findings">Everything that is wrong, or probably not meant.</param>
public sealed record DocumentReading<T>(T? Value, IReadOnlyList<Finding> Findings)
    where T : class
{
    /// <summary>Whether it can be stored.</summary>
    public bool IsSound => Value is not null;

    /// <summary>What is told of it: of one that nobody has begun to write, nothing yet.</summary>
    public DocumentReading<T> Told(bool isBegun) => isBegun ? this : this with { Findings = [] };

    /// <summary>What is said of a field or of what is inside of it.</summary>
    public IEnumerable<Finding> Of(string field) =>
        Findings.Where(finding => finding.Field == field || finding.Field.StartsWith(field + ".", StringComparison.Ordinal)
            || finding.Field.StartsWith(field + "[", StringComparison.Ordinal));
}
