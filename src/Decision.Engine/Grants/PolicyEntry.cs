using Decision.Engine.Policies;

namespace Decision.Engine.Grants;

/// <summary>A policy in a set, with the revision that answers name.</summary>
/// <param name="Policy">The policy.</param>
/// <param name="Revision">Counts its changes in the store; 0 for a policy of the file layer.</param>
/// <param name="Source">Where it comes from: <c>store</c>, or the file's name.</param>
public sealed record PolicyEntry(Policy Policy, long Revision, string Source);
