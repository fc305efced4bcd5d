using System.Text.Json;
using Decision.Cli.Sources;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Limits;

namespace Decision.Cli.PolicyTests;

/// <summary>Says which step decided a verdict, and which policy and field it went by.</summary>
internal static class Deciding
{
    /// <summary>The step that decided.</summary>
    public static DecidingStep StepOf(in Verdict verdict, TestRequest request, TestWorld world, KeyPresence presence, Grant? grant, long nowUs)
    {
        if (LimitOf(verdict) is { } limit)
        {
            return limit;
        }

        var access = request.Access;
        DecisionEngine.Explain(in access, world.Rules, presence, grant, nowUs, out var findings);
        var failed = findings.FirstOrDefault(static finding => finding.Reason is not (Reason.Allowed or Reason.Unspecified));
        return failed is null
            ? new DecidingStep("all", "", "", "Every step passed." + Room(verdict))
            : new DecidingStep(JsonNamingPolicy.SnakeCaseLower.ConvertName(failed.Step.ToString()), verdict.Origin, "", failed.Sentence);
    }

    private static DecidingStep? LimitOf(in Verdict verdict)
    {
        bool isShadowed = verdict.IsAllowed && verdict.ShadowedReason != Reason.Unspecified;
        for (int index = 0; index < verdict.Charges.Count; index++)
        {
            var (charge, outcome) = (verdict.Charges[index], verdict.Outcomes[index]);
            if (outcome.Refused && charge.IsShadow == isShadowed && (isShadowed || charge.Refusal == verdict.Reason))
            {
                return new DecidingStep(
                    charge.Name,
                    charge.Origin.Name,
                    charge.Origin.Field,
                    $"{Describe(charge)}: {outcome.Used} used, {outcome.Remaining} left"
                    + (outcome.RetryUs > 0 ? $", again in {Moments.Format(outcome.RetryUs)}." : ", no waiting helps.")
                    + (isShadowed ? " It is a shadow and only reports." : ""));
            }
        }

        return null;
    }

    private static string Room(in Verdict verdict)
    {
        string room = "";
        for (int index = 0; index < verdict.Charges.Count; index++)
        {
            var (charge, outcome) = (verdict.Charges[index], verdict.Outcomes[index]);
            room += $" {Describe(charge)} of {charge.Origin.Name}: {outcome.Remaining} left.";
        }

        return verdict.Charges.Count == 0 ? " No limit applies." : room;
    }

    private static string Describe(Charge charge) => charge switch
    {
        { Rate: { } rate } => $"rate {rate.Max} in {Moments.Format(rate.PeriodUs)}, counted on {charge.Scope}",
        { Quota: { NeverRenews: true } quota } => $"quota {quota.Max} for good, counted on {charge.Scope}",
        { Quota: { Period: QuotaPeriod.Rolling } quota } => $"quota {quota.Max} in {Moments.Format(quota.RenewalUs)}, counted on {charge.Scope}",
        var calendar => $"quota {calendar.Quota!.Max} a {calendar.Quota.Period.ToString().ToLowerInvariant()}, counted on {calendar.Scope}",
    };
}
