using System.Globalization;
using Decision.Contracts.V1;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Steps;
using Decision.Runtime.Decisions;
using Google.Protobuf.Collections;
using Reason = Decision.Engine.Reason;

namespace Decision.Server.Grpc;

/// <summary>From an explanation to the answer on the wire.</summary>
internal sealed class ExplainMapping(VerdictMapping verdicts, TimeProvider time)
{
    public ExplainResponse ToResponse(Explanation explanation, AuthorizeRequest request)
    {
        var verdict = explanation.Verdict;
        var response = new ExplainResponse { Response = verdicts.ToResponse(in verdict) };
        AddSteps(response.Steps, explanation);
        AddLimits(response, in verdict, Math.Max(request.Cost, 1));
        if (verdict.Grant is { } grant)
        {
            AddPolicies(response.Policies, grant.Merged);
        }

        return response;
    }

    private static void AddSteps(RepeatedField<ExplainStep> steps, Explanation explanation)
    {
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
                    : new ExplainStep
                    {
                        Name = "api",
                        Outcome = ExplainOutcome.Denied,
                        Reason = VerdictMapping.ToWire(mapping.Reason),
                        Finding = mapping.Sentence,
                    });
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
    }

    private static ExplainStep Step(string name, Reason reason, string sentence, ref bool isDenied)
    {
        var outcome = isDenied || reason == Reason.Unspecified ? ExplainOutcome.Skipped
            : reason == Reason.Allowed ? ExplainOutcome.Passed
            : ExplainOutcome.Denied;
        isDenied |= outcome == ExplainOutcome.Denied;
        return new ExplainStep
        {
            Name = name,
            Outcome = outcome,
            Reason = outcome == ExplainOutcome.Denied ? VerdictMapping.ToWire(reason) : VerdictMapping.ToWire(Reason.Unspecified),
            Finding = sentence.Length > 0 ? sentence : outcome == ExplainOutcome.Skipped ? "Not looked at." : "Nothing to object to.",
        };
    }

    private static ExplainStep LimitStep(string name, in Verdict verdict, string none, ref bool isDenied, params ReadOnlySpan<Reason> refusals)
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

    private void AddLimits(ExplainResponse response, in Verdict verdict, long cost)
    {
        var charges = verdict.Charges;
        var unlimited = verdict.ApiGrant is { } right ? LimitMapping.UnlimitedOf(right) : null;
        bool isRateSaid = false;
        for (int index = 0; index < charges.Count; index++)
        {
            var (charge, outcome) = (charges[index], verdict.Outcomes[index]);
            isRateSaid |= charge.Refusal == Reason.RateLimited;
            if (charge.Refusal == Reason.QuotaExceeded && !isRateSaid)
            {
                AddUnlimited(response.Limits, unlimited?.Rate, unlimited?.RateOrigin, cost);
                isRateSaid = true;
            }

            response.Limits.Add(new ExplainLimit
            {
                Name = charge.Name,
                Scope = charge.Scope,
                Origin = charge.Origin.Name,
                Field = charge.Origin.Field,
                Limit = charge.Max,
                Period = WireDuration.Of(LimitMapping.PeriodUs(charge, time)),
                QuotaPeriod = LimitMapping.QuotaPeriodOf(charge),
                Cost = cost,
                Used = outcome.Used,
                Remaining = outcome.Remaining,
                WouldDeny = outcome.Refused && !charge.IsShadow,
            });
            if (verdict.IsAllowed && !outcome.Refused)
            {
                response.WouldSpend.Add(new ExplainSpend { Name = charge.Name, Scope = charge.Scope, Units = cost });
            }
        }

        if (!isRateSaid)
        {
            AddUnlimited(response.Limits, unlimited?.Rate, unlimited?.RateOrigin, cost);
        }

        AddUnlimited(response.Limits, unlimited?.Quota, unlimited?.QuotaOrigin, cost);
    }

    private static void AddUnlimited(RepeatedField<ExplainLimit> limits, LimitStatus? limit, Origin? origin, long cost)
    {
        if (limit is not null)
        {
            limits.Add(new ExplainLimit
            {
                Name = limit.Name,
                Scope = limit.Scope,
                Origin = limit.Origin,
                Field = origin?.Field ?? "",
                Limit = limit.Limit,
                Remaining = limit.Remaining,
                Cost = cost,
            });
        }
    }

    private static void AddPolicies(RepeatedField<AppliedPolicy> policies, MergedKey merged)
    {
        foreach (string id in merged.Key.ApplyPolicies.Distinct(StringComparer.Ordinal))
        {
            var applied = merged.Policies.FirstOrDefault(entry => entry.Policy.Id == id);
            var known = applied ?? merged.MissingPolicies.FirstOrDefault(missing => missing.PolicyId == id)?.Entry;
            bool isFailure = merged.Failure != Reason.Allowed && merged.FailureOrigin == id;
            var policy = new AppliedPolicy
            {
                Id = id,
                Revision = known?.Revision ?? 0,
                Source = known?.Source ?? "",
                Applied = applied is not null && merged.Failure == Reason.Allowed,
                Finding = isFailure ? merged.FailureFinding
                    : applied is not null && merged.Failure != Reason.Allowed ? "Not applied: the key's policies cannot be applied as a whole."
                    : applied is not null ? Gives(merged, id)
                    : known is null ? "Not applied: there is no such policy. What remains stands without it."
                    : "Not applied: it is switched off (active: false). What remains stands without it.",
            };
            if (known is not null)
            {
                AddCovered(policy.Covers, known.Policy.Partitions);
            }

            policies.Add(policy);
        }
    }

    private static void AddCovered(RepeatedField<string> covers, Partitions partitions)
    {
        (bool Covers, string Name)[] groups =
        [
            (partitions.CoversAcl, "acl"), (partitions.CoversRate, "rate_limit"),
            (partitions.CoversQuota, "quota"), (partitions.CoversComplexity, "complexity"),
        ];
        foreach (var (isCovered, name) in groups)
        {
            if (isCovered)
            {
                covers.Add(name);
            }
        }
    }

    private static string Gives(MergedKey merged, string id)
    {
        var gives = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (apiId, right) in merged.Rights)
        {
            if (right.GrantedBy.Contains(id))
            {
                gives.Add($"access to {apiId}");
            }

            if (right.Limits.Rate?.Origin is { PolicyId: var rate } && rate == id)
            {
                gives.Add($"the rate on {apiId}");
            }

            if (right.Limits.Quota?.Origin is { PolicyId: var quota } && quota == id)
            {
                gives.Add($"the quota on {apiId}");
            }
        }

        const int Named = 8;
        return gives.Count == 0 ? "Applied; other policies or the key give what is in force."
            : $"Applied; it gives {string.Join(", ", gives.Take(Named))}{(gives.Count > Named ? " and more" : "")}.";
    }
}
