using Decision.Engine.Charges;

namespace Decision.Runtime.Decisions.Explaining;

/// <summary>One limit that applies, with what is left of it.</summary>
/// <param name="Charge">The counter; null = explicitly unlimited, nothing is counted.</param>
/// <param name="Name"><c>rate</c> or <c>quota</c>.</param>
/// <param name="Scope">Where it is counted.</param>
/// <param name="Origin">Which record and field wrote it.</param>
/// <param name="Limit">Units in a period; -1 = unlimited.</param>
/// <param name="Cost">What the request counts for.</param>
/// <param name="Used">Units used now, without the request.</param>
/// <param name="Remaining">Units left now, without the request; -1 = unlimited.</param>
/// <param name="WouldDeny">Whether it would refuse the request.</param>
/// <param name="IsSpent">Whether an authorization would spend on it.</param>
public sealed record ExplainedLimit(
    Charge? Charge, string Name, string Scope, Origin Origin, long Limit, long Cost, long Used, long Remaining, bool WouldDeny, bool IsSpent);
