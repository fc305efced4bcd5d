using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Engine.Charges;

/// <summary>A charge but for whose counter it is: keys with the same policies share it. Exactly one of the limits is set.</summary>
internal sealed record ChargeTerms(string Counter, RateLimit? Rate, QuotaLimit? Quota, Reason Refusal, string Scope, Origin Origin)
{
    public StoreFailureMode OnStoreFailure { get; init; }

    public LimitsMode Mode { get; init; }

    public bool IsShadow { get; init; }

    /// <summary>The charge on the counter of a subject.</summary>
    public Charge On(Subject subject) => new(new CounterKey(subject, Counter), this);
}
