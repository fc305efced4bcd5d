namespace Decision.Engine.Grants;

/// <summary>A policy that a key names and that could not be applied.</summary>
/// <param name="PolicyId">The id that the key names.</param>
/// <param name="Entry">The policy, where it exists and is switched off; null = there is none.</param>
public sealed record MissingPolicy(string PolicyId, PolicyEntry? Entry);
