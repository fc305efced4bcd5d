namespace Decision.Engine.Findings;

/// <summary>One thing that is wrong, or probably not meant, in a policy, key, API or organisation.</summary>
/// <param name="Subject">What it is about, such as <c>policy gold</c>.</param>
/// <param name="Field">The field's path, such as <c>access_rights.orders.limit.rate</c>; empty for the whole.</param>
/// <param name="Message">A sentence: the value, what is wrong with it and what to write instead.</param>
/// <param name="Severity">Whether it refuses.</param>
public sealed record Finding(string Subject, string Field, string Message, FindingSeverity Severity)
{
    /// <summary>Subject, field and sentence in one line, for a log or a terminal.</summary>
    public override string ToString() =>
        Field.Length == 0 ? $"{Subject}: {Message}" : $"{Subject}: {Field}: {Message}";
}
