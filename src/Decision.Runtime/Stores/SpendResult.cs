using Decision.Engine.Charges;

namespace Decision.Runtime.Stores;

/// <summary>The store's answer to a <see cref="Spending"/>.</summary>
/// <param name="Status">Whether the outcomes count.</param>
/// <param name="Outcomes">The outcome of each charge, in the same order.</param>
/// <param name="IsReplay">True when the outcomes were remembered from an earlier call with the same idempotency key.</param>
public readonly record struct SpendResult(SpendStatus Status, ChargeOutcomes Outcomes, bool IsReplay = false);
