namespace Decision.Runtime.Observation.Usage;

/// <summary>What came in one hour.</summary>
/// <param name="Kind">Whose use.</param>
/// <param name="Id">The key's id, the policy's or the API's.</param>
/// <param name="Hour">Hours since the Unix epoch.</param>
/// <param name="Allowed">Requests that were let through.</param>
/// <param name="Refused">Requests that were refused.</param>
public readonly record struct UsageCount(UsageKind Kind, string Id, long Hour, long Allowed, long Refused);
