using System.Globalization;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Steps;

namespace Decision.Runtime.Decisions.Explaining;

/// <summary>Tells what every step found, and what every limit said.</summary>
internal static class StepTelling
{
    public static IReadOnlyList<ExplainedStep> Of(Explanation explanation)
    {
        var steps = new List<ExplainedStep>();
        var mapping = explanation.Findings.First(finding => finding.Step == StepKind.Mapping);
        bool isMapped = mapping.Reason is Reason.Allowed or Reason.Unspecified;
        bool isDenied = !isMapped;
        foreach (var finding in explanation.Findings)
        {
            if (finding.Step == StepKind.Mapping)
            {
                continue;
            }

            // Which API it is for belongs to the step that asks whether the API is granted.
            if (finding.Step == StepKind.Api)
            {
                steps.Add(isMapped
                    ? Step("api", finding.Reason, $"{mapping.Sentence} {finding.Sentence}".Trim(), ref isDenied)
                    : new ExplainedStep("api", StepOutcome.Denied, mapping.Reason, mapping.Sentence));
                continue;
            }

            steps.Add(Step(finding.Step.ToString().ToLowerInvariant(), finding.Reason, finding.Sentence, ref isDenied));
        }

        var verdict = explanation.Verdict;
        string none = isDenied ? "Not looked at: an earlier step failed." : "No such limit applies.";
        steps.Add(LimitStep("organization_limits", in verdict, none, ref isDenied, Reason.OrganizationRateLimited, Reason.OrganizationQuotaExceeded));
        steps.Add(LimitStep("api_limit", in verdict, none, ref isDenied, Reason.ApiRateLimited));
        steps.Add(LimitStep("rate", in verdict, none, ref isDenied, Reason.RateLimited));
        steps.Add(LimitStep("quota", in verdict, none, ref isDenied, Reason.QuotaExceeded));
        return steps;
    }

    private static ExplainedStep Step(string name, Reason reason, string sentence, ref bool isDenied)
    {
        var outcome = isDenied || reason == Reason.Unspecified ? StepOutcome.Skipped
            : reason == Reason.Allowed ? StepOutcome.Passed
            : StepOutcome.Denied;
        isDenied |= outcome == StepOutcome.Denied;
        return new ExplainedStep(
            name,
            outcome,
            outcome == StepOutcome.Denied ? reason : Reason.Unspecified,
            sentence.Length > 0 ? sentence : outcome == StepOutcome.Skipped ? "Not looked at." : "Nothing to object to.");
    }

    private static ExplainedStep LimitStep(string name, in Verdict verdict, string none, ref bool isDenied, params ReadOnlySpan<Reason> refusals)
    {
        var charges = verdict.Charges;
        var (reason, sentences) = (Reason.Unspecified, new List<string>());
        for (int index = 0; index < charges.Count; index++)
        {
            var (charge, outcome) = (charges[index], verdict.Outcomes[index]);
            if (!refusals.Contains(charge.Refusal))
            {
                continue;
            }

            reason = outcome.Refused && !charge.IsShadow && reason is Reason.Unspecified or Reason.Allowed ? charge.Refusal
                : reason == Reason.Unspecified ? Reason.Allowed : reason;
            sentences.Add(Sentence(charge, in outcome));
        }

        return Step(name, reason, sentences.Count > 0 ? string.Join(" ", sentences) : none, ref isDenied);
    }

    private static string Sentence(Charge charge, in LimitTest outcome)
    {
        string use = string.Create(
            CultureInfo.InvariantCulture,
            $"The {charge.Name} of {charge.Origin.Name} ({charge.Origin.Field}), counted on {charge.Scope}, has {outcome.Remaining} of {charge.Max} left");
        return !outcome.Refused ? $"{use}."
            : charge.IsShadow ? $"{use} and would refuse, but is in shadow mode."
            : $"{use} and refuses.";
    }
}
