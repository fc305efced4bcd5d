using System.Collections.Immutable;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Limits;
using Decision.Engine.Steps;

namespace Decision.Engine;

/// <summary>
/// The rules of one decision. Pure: the same request, grant, rules, clock and counters give the same verdict.
/// <see cref="Admit"/> checks everything that needs no counter, <see cref="Conclude"/> turns the counters' answers into the verdict.
/// </summary>
public static class DecisionEngine
{
    /// <summary>The steps before the counters, in their order. The first that fails is the reason.</summary>
    public static ReadOnlySpan<StepKind> Order =>
    [
        StepKind.Mapping,
        StepKind.Key,
        StepKind.Signature,
        StepKind.Policies,
        StepKind.Active,
        StepKind.Expiry,
        StepKind.Api,
        StepKind.Version,
        StepKind.Path,
        StepKind.Depth,
        StepKind.Address,
    ];

    /// <summary>Checks a request up to the counters.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="rules">What it is decided by.</param>
    /// <param name="presence">What the look-up of the key found.</param>
    /// <param name="grant">The key's grant; null = not found.</param>
    /// <param name="nowUs">Now, in microseconds since the Unix epoch.</param>
    public static Admission Admit(in AccessRequest request, RuleSet rules, KeyPresence presence, Grant? grant, long nowUs)
    {
        var context = new DecisionContext(in request, rules, presence, grant, nowUs);
        foreach (var step in Order)
        {
            var reason = Check(step, ref context);
            if (reason != Reason.Allowed)
            {
                return Deny(in context, reason);
            }

            if (context.IsPublic)
            {
                return new Admission(VerdictOf(in context, Reason.Allowed));
            }
        }

        return new Admission(VerdictOf(in context, Reason.Allowed), ChargesOf(ref context));
    }

    /// <summary>As <see cref="Admit"/>, but looks at every step that can still be looked at, and says what each found.</summary>
    public static Admission Explain(
        in AccessRequest request, RuleSet rules, KeyPresence presence, Grant? grant, long nowUs, out ImmutableArray<StepFinding> findings)
    {
        var context = new DecisionContext(in request, rules, presence, grant, nowUs) { IsExplained = true };
        var found = ImmutableArray.CreateBuilder<StepFinding>(Order.Length);
        var (first, origin) = (Reason.Allowed, "");
        foreach (var step in Order)
        {
            if (!CanCheck(step, in context))
            {
                found.Add(new StepFinding(step, Reason.Unspecified, "Not looked at: an earlier step failed."));
                continue;
            }

            context.Sentence = "";
            var reason = context.IsPublic ? Reason.Unspecified : Check(step, ref context);
            found.Add(new StepFinding(step, reason, reason == Reason.Unspecified ? "Not needed: the path is public." : context.Sentence));
            if (first == Reason.Allowed && reason is not (Reason.Allowed or Reason.Unspecified))
            {
                (first, origin) = (reason, context.Origin);
            }
        }

        findings = found.MoveToImmutable();
        context.Origin = origin;
        var charges = context.IsPublic || context.ApiGrant is null ? default : ChargesOf(ref context);
        return new Admission(VerdictOf(in context, first), in charges);
    }

    /// <summary>
    /// Turns the counters' answers into the verdict: the first refusal in order is the reason, the longest wait the advice. What was denied
    /// before the counters (explain asks them nevertheless) stays denied for that reason, and no wait helps it.
    /// </summary>
    public static Verdict Conclude(in Admission admission, in ChargeOutcomes outcomes)
    {
        ref readonly var charges = ref admission.Charges;
        ref readonly var verdict = ref admission.Verdict;
        var (reason, shadowed, origin) = (verdict.Reason, Reason.Unspecified, verdict.Origin);
        long wait = verdict.IsAllowed ? 0 : LimitTest.Never;
        for (int index = 0; index < charges.Count; index++)
        {
            var outcome = outcomes[index];
            if (!outcome.Refused)
            {
                continue;
            }

            var charge = charges[index];
            if (charge.IsShadow)
            {
                shadowed = shadowed == Reason.Unspecified ? charge.Refusal : shadowed;
                continue;
            }

            if (reason == Reason.Allowed)
            {
                (reason, origin) = (charge.Refusal, charge.Origin.Name);
            }

            // Never: no waiting helps, whatever the others say.
            wait = wait < 0 || outcome.RetryUs < 0 ? -1 : Math.Max(wait, outcome.RetryUs);
        }

        return new Verdict
        {
            IsAllowed = reason == Reason.Allowed,
            Reason = reason,
            Origin = origin,
            Grant = verdict.Grant,
            ApiGrant = verdict.ApiGrant,
            Api = verdict.Api,
            Charges = charges,
            Outcomes = outcomes,
            RetryAfterUs = Math.Max(wait, 0),
            ShadowedReason = shadowed,
        };
    }

    private static Reason Check(StepKind step, ref DecisionContext context) => step switch
    {
        StepKind.Mapping => MappingStep.Check(ref context),
        StepKind.Key => KeyStep.Check(ref context),
        StepKind.Signature => SignatureStep.Check(ref context),
        StepKind.Policies => PoliciesStep.Check(ref context),
        StepKind.Active => ActiveStep.Check(ref context),
        StepKind.Expiry => ExpiryStep.Check(ref context),
        StepKind.Api => ApiStep.Check(ref context),
        StepKind.Version => VersionStep.Check(ref context),
        StepKind.Path => PathStep.Check(ref context),
        StepKind.Depth => DepthStep.Check(ref context),
        _ => AddressStep.Check(ref context),
    };

    // What a step needs from the ones before it.
    private static bool CanCheck(StepKind step, in DecisionContext context) => step switch
    {
        StepKind.Mapping or StepKind.Key => true,
        StepKind.Api => context.Grant is not null && context.ApiId.Length > 0,
        StepKind.Version or StepKind.Path or StepKind.Depth or StepKind.Address => context.Grant is not null && context.ApiGrant is not null,
        _ => context.Grant is not null,
    };

    // The order of the rules: organisation, API-wide, endpoint or key rate, quota.
    private static ChargeList ChargesOf(ref DecisionContext context)
    {
        var right = context.ApiGrant!;
        var charges = default(ChargeList);
        charges.Add(context.Organization?.Rate);
        charges.Add(context.Organization?.Quota);
        charges.Add(context.Api?.Rate);
        charges.Add(RateOf(right, ref context));
        charges.Add(right.Quota);
        return charges;
    }

    // An endpoint's rate takes the place of the key's, also where it is unlimited.
    private static Charge? RateOf(ApiGrant right, ref DecisionContext context) =>
        right.HasEndpoints && context.TryReadPath(out var path) && right.TryFindEndpoint(context.Request.Method, path, out var endpoint)
            ? endpoint
            : right.Rate;

    private static Admission Deny(in DecisionContext context, Reason reason) => new(VerdictOf(in context, reason));

    private static Verdict VerdictOf(in DecisionContext context, Reason reason) => new()
    {
        IsAllowed = reason == Reason.Allowed,
        Reason = reason,
        Origin = reason == Reason.Allowed ? "" : context.Origin,
        Grant = context.IsPublic ? null : context.Grant,
        ApiGrant = context.ApiGrant,
        Api = context.Api,
    };
}
