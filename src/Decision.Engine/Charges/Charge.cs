using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Engine.Charges;

/// <summary>One counter to spend on, with the limit in force. Compiled once; a decision only names it.</summary>
/// <remarks>Exactly one of <see cref="Rate"/> and <see cref="Quota"/> is set.</remarks>
public sealed class Charge
{
    // The number of replicas is the same for the life of a process; that two threads may both make the share is harmless.
    private LocalShare? _share;

    /// <summary>A charge on a rate.</summary>
    public Charge(CounterKey counter, RateLimit rate, Reason refusal, string scope, Origin origin)
    {
        Counter = counter;
        Rate = rate;
        Refusal = refusal;
        Scope = scope;
        Origin = origin;
    }

    /// <summary>A charge on a quota.</summary>
    public Charge(CounterKey counter, QuotaLimit quota, Reason refusal, string scope, Origin origin)
    {
        Counter = counter;
        Quota = quota;
        Refusal = refusal;
        Scope = scope;
        Origin = origin;
    }

    /// <summary>The counter.</summary>
    public CounterKey Counter { get; }

    /// <summary>The rate, where this is one.</summary>
    public RateLimit? Rate { get; }

    /// <summary>The quota, where this is one.</summary>
    public QuotaLimit? Quota { get; }

    /// <summary>The reason of a verdict that this charge refuses.</summary>
    public Reason Refusal { get; }

    /// <summary>Where it is counted, as callers see it: a policy id, an API id, <c>key</c>, an endpoint, <c>organization</c>.</summary>
    public string Scope { get; }

    /// <summary>Which policy or record wrote the limit.</summary>
    public Origin Origin { get; }

    /// <summary>What stands in when the store fails.</summary>
    public StoreFailureMode OnStoreFailure { get; init; }

    /// <summary>Exact or leased.</summary>
    public LimitsMode Mode { get; init; }

    /// <summary>True: a refusal is only reported. Such charges neither refuse nor hold back the others.</summary>
    public bool IsShadow { get; init; }

    /// <summary>Units of the whole limit.</summary>
    public long Max => Rate?.Max ?? Quota!.Max;

    /// <summary><c>rate</c> or <c>quota</c>.</summary>
    public string Name => Rate is not null ? "rate" : "quota";

    /// <summary>
    /// The same charge with one replica's share of the limit: the whole one divided by their number and rounded down, at least 1. Periods
    /// stay. Made once.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is less than one replica.</exception>
    public Charge ShareOf(int replicas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        if (replicas == 1)
        {
            return this;
        }

        var share = _share;
        if (share is null || share.Replicas != replicas)
        {
            _share = share = new LocalShare(replicas, Divide(replicas));
        }

        return share.Charge;
    }

    private Charge Divide(int replicas) => Rate is { } rate
        ? new Charge(Counter, rate.DividedBy(replicas), Refusal, Scope, Origin) { OnStoreFailure = OnStoreFailure, Mode = Mode, IsShadow = IsShadow }
        : new Charge(Counter, Quota!.DividedBy(replicas), Refusal, Scope, Origin) { OnStoreFailure = OnStoreFailure, Mode = Mode, IsShadow = IsShadow };

    private sealed record LocalShare(int Replicas, Charge Charge);
}
