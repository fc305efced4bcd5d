using Decision.Contracts.V1;
using Decision.Runtime.Decisions;
using Decision.Runtime.Decisions.Explaining;

namespace Decision.Server.Grpc;

/// <summary>From an explanation to the answer on the wire.</summary>
internal sealed class ExplainMapping(VerdictMapping verdicts, TimeProvider time)
{
    public ExplainResponse ToResponse(Explanation explanation, AuthorizeRequest request)
    {
        var verdict = explanation.Verdict;
        var view = ExplanationView.Of(explanation, Math.Max(request.Cost, 1));
        return new ExplainResponse
        {
            Response = verdicts.ToResponse(in verdict),
            Steps = { view.Steps.Select(ToMessage) },
            Limits = { view.Limits.Select(ToMessage) },
            WouldSpend =
            {
                view.Limits.Where(limit => limit.IsSpent)
                    .Select(limit => new ExplainSpend { Name = limit.Name, Scope = limit.Scope, Units = limit.Cost }),
            },
            Policies = { view.Policies.Select(ToMessage) },
        };
    }

    private static ExplainStep ToMessage(ExplainedStep step) => new()
    {
        Name = step.Name,
        Outcome = step.Outcome switch
        {
            StepOutcome.Passed => ExplainOutcome.Passed,
            StepOutcome.Denied => ExplainOutcome.Denied,
            _ => ExplainOutcome.Skipped,
        },
        Reason = VerdictMapping.ToWire(step.Reason),
        Finding = step.Finding,
    };

    private ExplainLimit ToMessage(ExplainedLimit limit)
    {
        var message = new ExplainLimit
        {
            Name = limit.Name,
            Scope = limit.Scope,
            Origin = limit.Origin.Name,
            Field = limit.Origin.Field,
            Limit = limit.Limit,
            Cost = limit.Cost,
            Used = limit.Used,
            Remaining = limit.Remaining,
            WouldDeny = limit.WouldDeny,
        };
        if (limit.Charge is { } charge)
        {
            message.Period = WireDuration.Of(LimitMapping.PeriodUs(charge, time));
            message.QuotaPeriod = LimitMapping.QuotaPeriodOf(charge);
        }

        return message;
    }

    private static AppliedPolicy ToMessage(ExplainedPolicy policy) => new()
    {
        Id = policy.Id,
        Revision = policy.Revision,
        Source = policy.Source,
        Applied = policy.IsApplied,
        Covers = { policy.Covers },
        Finding = policy.Finding,
    };
}
