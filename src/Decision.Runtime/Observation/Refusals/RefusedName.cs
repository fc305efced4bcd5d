using Decision.Engine;

namespace Decision.Runtime.Observation.Refusals;

/// <summary>Somebody who was refused.</summary>
/// <param name="Name">The key's id, the policy's or the API's; empty = there was none that is known.</param>
/// <param name="OrganizationId">The organisation of the key that was refused; empty = no key was known.</param>
/// <param name="Count">How often, at most.</param>
/// <param name="Error">How much less it may have been.</param>
/// <param name="LastReason">Why the last time.</param>
public sealed record RefusedName(string Name, string OrganizationId, long Count, long Error, Reason LastReason);
