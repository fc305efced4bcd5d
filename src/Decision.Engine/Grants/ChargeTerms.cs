using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>A charge but for whose counter it is. Exactly one of the limits is set.</summary>
internal sealed record ChargeTerms(
    string Counter, RateLimit? Rate, QuotaLimit? Quota, string Scope, Origin Origin, GrantBehavior Behavior)
{
    /// <summary>The charge on the counter of a subject.</summary>
    public Charge On(Subject subject)
    {
        var counter = new CounterKey(subject, Counter);
        bool isShadow = Behavior.Enforcement == Enforcement.Shadow;
        return Rate is not null
            ? new Charge(counter, Rate, Reason.RateLimited, Scope, Origin)
            {
                OnStoreFailure = Behavior.OnStoreFailure, Mode = Behavior.Mode, IsShadow = isShadow,
            }
            : new Charge(counter, Quota!, Reason.QuotaExceeded, Scope, Origin)
            {
                OnStoreFailure = Behavior.OnStoreFailure, Mode = Behavior.Mode, IsShadow = isShadow,
            };
    }
}
