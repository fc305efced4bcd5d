using Decision.Runtime.Stores;

namespace Decision.Runtime.Administration;

/// <summary>A key with a new text.</summary>
/// <param name="Record">What is stored now.</param>
/// <param name="ApiKey">The new text, shown this one time.</param>
/// <param name="PreviousEndsAtUs">Until when the old one is still accepted, in microseconds since the Unix epoch; 0 = no longer.</param>
public sealed record RotatedKey(KeyRecord Record, string ApiKey, long PreviousEndsAtUs);
