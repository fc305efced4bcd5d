using Decision.Engine.Findings;
using Decision.Engine.Keys;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>A key that was just made, with what is shown this one time.</summary>
/// <param name="Record">What is stored. <see cref="Key.HmacString"/> is empty there.</param>
/// <param name="ApiKey">The key's text; it is not stored and cannot be shown again.</param>
/// <param name="HmacString">The secret that its requests are signed with; empty = none.</param>
/// <param name="Warnings">What is probably not meant.</param>
public sealed record CreatedKey(KeyRecord Record, string ApiKey, string HmacString, IReadOnlyList<Finding> Warnings);
