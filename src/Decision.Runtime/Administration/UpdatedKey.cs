using Decision.Engine.Findings;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>A key after an update.</summary>
/// <param name="Record">What is stored now.</param>
/// <param name="HmacString">A signature secret that the update made, shown this one time; empty = none was made.</param>
/// <param name="Warnings">What is probably not meant.</param>
public sealed record UpdatedKey(KeyRecord Record, string HmacString, IReadOnlyList<Finding> Warnings);
