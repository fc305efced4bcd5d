using Decision.Engine.Charges;

namespace Decision.Runtime.Stores;

/// <summary>What a call with the same idempotency key had spent. Apart from the result, which every decision carries along and few need this of.</summary>
/// <param name="Charges">The charges that the outcomes are of: a policy may have changed since.</param>
public sealed record Replay(ChargeList Charges);
