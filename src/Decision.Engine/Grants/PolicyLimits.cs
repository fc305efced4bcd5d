using System.Collections.Frozen;
using Decision.Engine.Charges;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>The limits at the root of a policy, for a subject that is no key: what a plain rate limit service is asked for.</summary>
public static class PolicyLimits
{
    /// <summary>What there is to spend. A policy that is not there, not loaded or switched off refuses: a lost policy must not open anything.</summary>
    /// <param name="policyId">The policy asked for.</param>
    /// <param name="subject">Whose counters they are.</param>
    /// <param name="overriding">A rate in place of the policy's; null = the policy's.</param>
    /// <param name="organizations">The organisations that the caller may ask for: a policy of another one is not there for it. Null = all.</param>
    /// <param name="rules">What is gone by.</param>
    public static Admission Admit(string policyId, Subject subject, RateSettings? overriding, FrozenSet<string>? organizations, RuleSet rules)
    {
        ArgumentNullException.ThrowIfNull(rules);
        if (rules.Policies.Find(policyId)?.Policy is not { } policy || organizations?.Contains(policy.OrganizationId) == false)
        {
            return Deny(Reason.PolicyMissing, policyId);
        }

        if (!policy.IsLoaded || policy.IsInactive)
        {
            return Deny(Reason.PolicyInactive, policyId);
        }

        var options = rules.Options.Grants;
        string scope = "policy:" + policyId;
        var charges = default(ChargeList);
        if (LimitCompiler.Rate(overriding ?? policy.Limits.Rate) is { } rate)
        {
            var behavior = GrantBehavior.OfRates([policy.Behavior], default, options);
            charges.Add(new Charge(
                new CounterKey(subject, "rate/" + scope), rate, Reason.RateLimited, scope, Origin.OfPolicy(policyId, "rate"))
            {
                OnStoreFailure = behavior.OnStoreFailure, Mode = behavior.Mode, IsShadow = behavior.Enforcement == Enforcement.Shadow,
            });
        }

        if (LimitCompiler.Quota(policy.Limits.Quota) is { } quota)
        {
            var behavior = GrantBehavior.OfQuota([policy.Behavior], default, options);
            charges.Add(new Charge(
                new CounterKey(subject, "quota/" + scope), quota, Reason.QuotaExceeded, scope, Origin.OfPolicy(policyId, "quota_max"))
            {
                OnStoreFailure = behavior.OnStoreFailure, Mode = behavior.Mode, IsShadow = behavior.Enforcement == Enforcement.Shadow,
            });
        }

        return new Admission(new Verdict { IsAllowed = true, Reason = Reason.Allowed, Origin = "" }, in charges);
    }

    private static Admission Deny(Reason reason, string policyId) => new(new Verdict { Reason = reason, Origin = policyId });
}
