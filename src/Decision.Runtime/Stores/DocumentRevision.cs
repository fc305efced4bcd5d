namespace Decision.Runtime.Stores;

/// <summary>One change of a document.</summary>
/// <param name="Revision">Its number.</param>
/// <param name="Change"><c>create</c>, <c>update</c>, <c>rollback</c> or <c>delete</c>.</param>
/// <param name="Json">The content after the change, UTF-8; empty for a deletion.</param>
/// <param name="ChangedAtUs">When, in microseconds since the Unix epoch.</param>
public sealed record DocumentRevision(long Revision, string Change, ReadOnlyMemory<byte> Json, long ChangedAtUs);
