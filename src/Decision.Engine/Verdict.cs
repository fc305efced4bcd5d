using Decision.Engine.Apis;
using Decision.Engine.Charges;
using Decision.Engine.Grants;

namespace Decision.Engine;

/// <summary>The answer: allowed or not, why, and every number that a client needs. A value, so that a decision allocates nothing.</summary>
public readonly struct Verdict
{
    /// <summary>True = let the request through.</summary>
    public bool IsAllowed { get; init; }

    /// <summary>Why.</summary>
    public Reason Reason { get; init; }

    /// <summary>What decided a denial: a policy's id, or <c>key</c>, <c>api</c>, <c>organization</c>; empty for an admission.</summary>
    public string Origin { get; init; }

    /// <summary>The key's grant; null = no key was found, or none was needed.</summary>
    public Grant? Grant { get; init; }

    /// <summary>The right that the request was checked against; null = it did not come that far.</summary>
    public ApiGrant? ApiGrant { get; init; }

    /// <summary>The registered API; null = not registered, or not found.</summary>
    public ApiEntry? Api { get; init; }

    /// <summary>The counters that were asked; empty = it did not come that far.</summary>
    public ChargeList Charges { get; init; }

    /// <summary>What each counter answered.</summary>
    public ChargeOutcomes Outcomes { get; init; }

    /// <summary>Microseconds after which the same request can pass; 0 = does not apply, or no waiting helps.</summary>
    public long RetryAfterUs { get; init; }

    /// <summary>What would have been refused, had the limit not been a shadow; <see cref="Reason.Unspecified"/> = nothing.</summary>
    public Reason ShadowedReason { get; init; }

    /// <summary>True when the store failed and something stood in for its counters.</summary>
    public bool IsDegraded { get; init; }

    /// <summary>True when an earlier call with the same idempotency key had spent.</summary>
    public bool IsReplay { get; init; }

    /// <summary>Names the decision where something was noted of it, so that the answer has the same name; 0 = nothing was.</summary>
    public long Number { get; init; }

    /// <summary>The same, remembered from an earlier call.</summary>
    public Verdict AsReplay() => this with { IsReplay = true };

    /// <summary>The same, with something standing in for the store's counters.</summary>
    public Verdict AsDegraded() => this with { IsDegraded = true };

    /// <summary>The same denial, with what the counters would have said.</summary>
    public Verdict WithCounters(in Verdict counted) => this with { Charges = counted.Charges, Outcomes = counted.Outcomes };
}
