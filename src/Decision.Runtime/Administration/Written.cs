using Decision.Engine.Findings;

namespace Decision.Runtime.Administration;

/// <summary>The result of a write.</summary>
/// <param name="Stored">What is stored now.</param>
/// <param name="Warnings">What is probably not meant.</param>
/// <param name="KeysAffected">How many keys use it; only for policies.</param>
public sealed record Written<T>(Stored<T> Stored, IReadOnlyList<Finding> Warnings, long KeysAffected);
