namespace Decision.Runtime.Decisions;

/// <summary>One attempt at a decision: a key that others change meanwhile takes more than one.</summary>
/// <param name="Presented">The key as the client presented it; empty = none.</param>
/// <param name="NowUs">When the call came, in microseconds since the Unix epoch.</param>
/// <param name="StartedAt">The same as a monotonic timestamp.</param>
/// <param name="Number">Counts from 1.</param>
internal readonly record struct Attempt(string Presented, long NowUs, long StartedAt, int Number);
