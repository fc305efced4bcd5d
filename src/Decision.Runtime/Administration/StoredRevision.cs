namespace Decision.Runtime.Administration;

/// <summary>One change of a policy, API or organisation.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Change"><c>create</c>, <c>update</c>, <c>rollback</c> or <c>delete</c>.</param>
/// <param name="ChangedAtUs">When, in microseconds since the Unix epoch.</param>
/// <param name="Value">The content after it; null for a deletion.</param>
public sealed record StoredRevision<T>(long Number, string Change, long ChangedAtUs, T? Value)
    where T : class;
