using Decision.Engine;
using Decision.Engine.Charges;

namespace Decision.Runtime.Decisions.Explaining;

/// <summary>An explanation as people read it: the steps in their order, every limit, every policy.</summary>
/// <param name="Steps">Every step; those after the one that refused are skipped.</param>
/// <param name="Limits">Every limit that applies, in the order of the decision.</param>
/// <param name="Policies">Every policy that the key names.</param>
public sealed record ExplanationView(
    IReadOnlyList<ExplainedStep> Steps, IReadOnlyList<ExplainedLimit> Limits, IReadOnlyList<ExplainedPolicy> Policies)
{
    private const long Unlimited = -1;

    /// <summary>Tells an explanation.</summary>
    /// <param name="explanation">The explanation.</param>
    /// <param name="cost">What the request counts for, at least 1.</param>
    public static ExplanationView Of(Explanation explanation, long cost)
    {
        ArgumentNullException.ThrowIfNull(explanation);
        var verdict = explanation.Verdict;
        return new ExplanationView(
            StepTelling.Of(explanation), LimitsOf(in verdict, cost), verdict.Grant is { } grant ? PolicyTelling.Of(grant.Merged) : []);
    }

    // What is explicitly unlimited stands where its counter would be.
    private static List<ExplainedLimit> LimitsOf(in Verdict verdict, long cost)
    {
        var limits = new List<ExplainedLimit>();
        var charges = verdict.Charges;
        var right = verdict.ApiGrant?.Right.Limits;
        var rate = right?.Rate is { Value.IsUnlimited: true } ofRate ? UnlimitedOf("rate", ofRate.Scope, ofRate.Origin, cost) : null;
        var quota = right?.Quota is { Value.IsUnlimited: true } ofQuota ? UnlimitedOf("quota", ofQuota.Scope, ofQuota.Origin, cost) : null;
        bool isRateSaid = false;
        for (int index = 0; index < charges.Count; index++)
        {
            var (charge, outcome) = (charges[index], verdict.Outcomes[index]);
            isRateSaid |= charge.Refusal == Reason.RateLimited;
            if (charge.Refusal == Reason.QuotaExceeded && !isRateSaid)
            {
                Add(rate);
                isRateSaid = true;
            }

            limits.Add(new ExplainedLimit(
                charge,
                charge.Name,
                charge.Scope,
                charge.Origin,
                charge.Max,
                cost,
                outcome.Used,
                outcome.Remaining,
                outcome.Refused && !charge.IsShadow,
                verdict.IsAllowed && !outcome.Refused));
        }

        if (!isRateSaid)
        {
            Add(rate);
        }

        Add(quota);
        return limits;

        void Add(ExplainedLimit? limit)
        {
            if (limit is not null)
            {
                limits.Add(limit);
            }
        }
    }

    private static ExplainedLimit UnlimitedOf(string name, string scope, Origin origin, long cost) =>
        new(null, name, scope, origin, Unlimited, cost, 0, Unlimited, WouldDeny: false, IsSpent: false);
}
