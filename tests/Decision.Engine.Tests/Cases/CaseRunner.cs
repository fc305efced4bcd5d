using Decision.Engine.Charges;
using Decision.Engine.Findings;
using Decision.Engine.Signatures;
using Decision.Engine.Steps;

namespace Decision.Engine.Tests.Cases;

/// <summary>Runs a case: reads its world, merges, then decides its requests one after the other on one table of counters.</summary>
internal static class CaseRunner
{
    public static void Run(GoldenCase one)
    {
        var differences = new Differences();
        var world = new CaseWorld(one);
        if (one.ExpectMerge is { } merge)
        {
            MergeCheck.Run(merge, world, differences);
        }

        RunRequests(one, world, differences);
        CompareFindings(one, world.Findings, differences);
        differences.FailIfAny();
    }

    private static void RunRequests(GoldenCase one, CaseWorld world, Differences differences)
    {
        long startUs = CaseTime.Moment(one.Now);
        long nowUs = startUs;
        var counters = new CounterTable();
        for (int index = 0; index < one.Requests.Count; index++)
        {
            var step = one.Requests[index];
            nowUs = CaseTime.Step(step.At, startUs, nowUs);
            if (step.Edit is { } edit)
            {
                world.Apply(edit);
                continue;
            }

            for (int turn = 1; turn <= step.Repeat; turn++)
            {
                string at = step.Repeat > 1 ? $"requests[{index}] turn {turn}" : $"requests[{index}]";
                var verdict = Decide(step, world, counters, nowUs, at, differences);
                VerdictCheck.Run(step.Expect!, verdict, one.Options, at, isLast: turn == step.Repeat, differences);
            }
        }
    }

    private static Verdict Decide(CaseStep step, CaseWorld world, CounterTable counters, long nowUs, string at, Differences differences)
    {
        var presence = Enum.GetValues<KeyPresence>().First(value => MergeText.Word(value) == step.Presence);
        var grant = presence is KeyPresence.Found or KeyPresence.FoundById ? world.GrantOf(step.Key) : null;
        if (step.Key.Length > 0 && grant is null)
        {
            differences.Add($"{at}: there is no key \"{step.Key}\".");
        }

        var request = RequestOf(step);
        var admission = DecisionEngine.Admit(in request, world.Rules, presence, grant, nowUs);
        var explained = DecisionEngine.Explain(in request, world.Rules, presence, grant, nowUs, out var findings);
        CompareExplained(admission, explained, findings, at, differences);

        var outcomes = admission.IsFinal ? default : counters.Spend(admission.Charges, request.Units, nowUs);
        return admission.IsFinal ? admission.Verdict : DecisionEngine.Conclude(in admission, in outcomes);
    }

    private static AccessRequest RequestOf(CaseStep step) => new(step.Api, step.Method, step.Path)
    {
        Host = step.Host.Length > 0 ? step.Host : null,
        ApiVersion = step.ApiVersion,
        Cost = step.Cost,
        QueryDepth = step.QueryDepth,
        ClientIp = step.ClientIp,
        OrganizationId = step.OrganizationId,
        Headers = step.Headers.Count > 0 ? [.. step.Headers.Select(header => new SignedHeader(header.Key, header.Value))] : null,
    };

    // What explain says is what a decision does, and it has a sentence for every step.
    private static void CompareExplained(
        in Admission decided, in Admission explained, IReadOnlyList<StepFinding> findings, string at, Differences differences)
    {
        differences.Compare($"{at} explained allowed", decided.Verdict.IsAllowed, explained.Verdict.IsAllowed);
        differences.Compare($"{at} explained reason", MergeText.Reason(decided.Verdict.Reason), MergeText.Reason(explained.Verdict.Reason));
        differences.Compare($"{at} explained origin", decided.Verdict.Origin, explained.Verdict.Origin);
        differences.CompareLists(
            $"{at} explained steps", DecisionEngine.Order.ToArray().Select(MergeText.Word), findings.Select(finding => MergeText.Word(finding.Step)));
        if (findings.FirstOrDefault(finding => finding.Sentence.Length == 0) is { } silent)
        {
            differences.Add($"{at}: explain has no sentence for step {silent.Step}");
        }

        var first = findings.FirstOrDefault(finding => finding.Reason is not (Reason.Allowed or Reason.Unspecified))?.Reason ?? Reason.Allowed;
        differences.Compare($"{at} first failing step", MergeText.Reason(decided.Verdict.Reason), MergeText.Reason(first));
        if (decided.Verdict.IsAllowed)
        {
            var (wanted, got) = (decided.Charges, explained.Charges);
            differences.CompareLists(
                $"{at} explained charges",
                Enumerable.Range(0, wanted.Count).Select(index => wanted[index].Counter.ToString()),
                Enumerable.Range(0, got.Count).Select(index => got[index].Counter.ToString()));
        }
    }

    // Errors, and fields that nobody knows, must be expected; other warnings only where the case lists findings.
    private static void CompareFindings(GoldenCase one, IReadOnlyList<Finding> found, Differences differences)
    {
        var compared = one.ExpectFindings is not null
            ? found
            : found.Where(finding => finding.Severity == FindingSeverity.Error || finding.Message.Contains("unknown field", StringComparison.Ordinal));
        differences.CompareSets(
            "findings",
            (one.ExpectFindings ?? []).Select(finding => $"{finding.Severity} {finding.Subject}: {finding.Field}"),
            compared.Select(finding => $"{MergeText.Word(finding.Severity)} {finding.Subject}: {finding.Field}"));
    }
}
