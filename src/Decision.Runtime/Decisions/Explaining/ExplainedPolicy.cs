namespace Decision.Runtime.Decisions.Explaining;

/// <summary>A policy that a key names, and what came of it.</summary>
/// <param name="Id">As the key names it.</param>
/// <param name="Revision">The revision that was applied; 0 = it comes from a file, or was not found.</param>
/// <param name="Source"><c>store</c>, or the file's name; empty = not found.</param>
/// <param name="IsApplied">Whether it took part in the merge.</param>
/// <param name="Covers">The groups that it covers; empty = not found.</param>
/// <param name="Finding">What came of it, as a sentence.</param>
public sealed record ExplainedPolicy(string Id, long Revision, string Source, bool IsApplied, IReadOnlyList<string> Covers, string Finding);
