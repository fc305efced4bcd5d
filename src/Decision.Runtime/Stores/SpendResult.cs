using Decision.Engine.Charges;

namespace Decision.Runtime.Stores;

/// <summary>The store's answer to a <see cref="Spending"/>.</summary>
/// <param name="Status">Whether the outcomes count.</param>
/// <param name="Outcomes">The outcome of each charge, in the same order.</param>
public readonly record struct SpendResult(SpendStatus Status, ChargeOutcomes Outcomes)
{
    /// <summary>True when the outcomes were remembered from an earlier call with the same idempotency key.</summary>
    public bool IsReplay => Replay is not null;

    /// <summary>True when units of a lease were used, and the store was not asked.</summary>
    public bool IsLeased { get; init; }

    /// <summary>Where the outcomes were remembered, of what they are; null = they were not.</summary>
    public Replay? Replay { get; init; }
}
