using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Engine.Charges;

/// <summary>One counter to spend on, with the limit in force. Compiled once; a decision only names it.</summary>
/// <remarks>Exactly one of <see cref="Rate"/> and <see cref="Quota"/> is set.</remarks>
public sealed class Charge
{
    private readonly ChargeTerms _terms;

    // The number of replicas is the same for the life of a process; that two threads may both make the share is harmless.
    private LocalShare? _share;

    /// <summary>A charge on a rate.</summary>
    public Charge(CounterKey counter, RateLimit rate, Reason refusal, string scope, Origin origin)
        : this(counter, new ChargeTerms(counter.Name, rate, null, refusal, scope, origin))
    {
    }

    /// <summary>A charge on a quota.</summary>
    public Charge(CounterKey counter, QuotaLimit quota, Reason refusal, string scope, Origin origin)
        : this(counter, new ChargeTerms(counter.Name, null, quota, refusal, scope, origin))
    {
    }

    // Each key has charges of its own, and a million keys have millions: what is the same for all of them lies in the terms.
    internal Charge(CounterKey counter, ChargeTerms terms)
    {
        Counter = counter;
        _terms = terms;
    }

    /// <summary>The counter.</summary>
    public CounterKey Counter { get; }

    /// <summary>The rate, where this is one.</summary>
    public RateLimit? Rate => _terms.Rate;

    /// <summary>The quota, where this is one.</summary>
    public QuotaLimit? Quota => _terms.Quota;

    /// <summary>The reason of a verdict that this charge refuses.</summary>
    public Reason Refusal => _terms.Refusal;

    /// <summary>Where it is counted, as callers see it: a policy id, an API id, <c>key</c>, an endpoint, <c>organization</c>.</summary>
    public string Scope => _terms.Scope;

    /// <summary>Which policy or record wrote the limit.</summary>
    public Origin Origin => _terms.Origin;

    /// <summary>What stands in when the store fails.</summary>
    public StoreFailureMode OnStoreFailure
    {
        get => _terms.OnStoreFailure;
        init => _terms = _terms with { OnStoreFailure = value };
    }

    /// <summary>Exact or leased.</summary>
    public LimitsMode Mode
    {
        get => _terms.Mode;
        init => _terms = _terms with { Mode = value };
    }

    /// <summary>True: a refusal is only reported. Such charges neither refuse nor hold back the others.</summary>
    public bool IsShadow
    {
        get => _terms.IsShadow;
        init => _terms = _terms with { IsShadow = value };
    }

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

    private Charge Divide(int replicas) =>
        new(Counter, _terms with { Rate = Rate?.DividedBy(replicas), Quota = Quota?.DividedBy(replicas) });

    private sealed record LocalShare(int Replicas, Charge Charge);
}
