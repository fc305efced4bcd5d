using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Grants;

namespace Decision.Cli.PolicyTests;

/// <summary>Runs a case on the engine in this process: the decision of each request, on one table of counters.</summary>
internal static class CaseRun
{
    /// <summary>Runs a case.</summary>
    /// <param name="one">The case.</param>
    /// <param name="time">Tells how long it took; decisions go by the case's own clock.</param>
    public static CaseResult Run(PolicyTestCase one, TimeProvider time)
    {
        long started = time.GetTimestamp();
        var failures = new List<RequestFailure>();
        var counters = new CounterTable();
        var world = one.World;
        for (int index = 0; index < one.Steps.Count; index++)
        {
            var step = one.Steps[index];
            world = step.Edited ?? world;
            if (step.Request is { } request && Repeat(index + 1, step, request, world, counters, one) is { } failure)
            {
                failures.Add(failure);
            }
        }

        return new CaseResult(one, failures, time.GetElapsedTime(started));
    }

    // Every turn is made, as each spends; the first that differs is told.
    private static RequestFailure? Repeat(
        int number, PolicyTestStep step, TestRequest request, TestWorld world, CounterTable counters, PolicyTestCase one)
    {
        RequestFailure? failure = null;
        for (int turn = 1; turn <= step.Repeat; turn++)
        {
            var presence = request.Key is not null ? KeyPresence.Found : request.IsUnknown ? KeyPresence.Unknown : KeyPresence.Missing;
            var grant = request.Key is null ? null : world.GrantOf(request.Key);
            var verdict = Decide(request, world, presence, grant, counters, step.AtUs);
            if (failure is not null)
            {
                continue;
            }

            var differences = VerdictComparison.Compare(step.Expect, verdict, one.QuotaExceededStatus, isLast: turn == step.Repeat);
            if (differences.Count > 0)
            {
                var decided = Deciding.StepOf(verdict, request, world, presence, grant, step.AtUs);
                failure = new RequestFailure(number, step.Line, turn, step.Repeat, Asked(request, step.AtUs - one.StartUs), differences, decided);
            }
        }

        return failure;
    }

    private static Verdict Decide(
        TestRequest request, TestWorld world, KeyPresence presence, Grant? grant, CounterTable counters, long nowUs)
    {
        var access = request.Access;
        var admission = DecisionEngine.Admit(in access, world.Rules, presence, grant, nowUs);
        if (admission.IsFinal)
        {
            return admission.Verdict;
        }

        var outcomes = counters.Spend(admission.Charges, access.Units, nowUs);
        return DecisionEngine.Conclude(in admission, in outcomes);
    }

    private static string Asked(TestRequest request, long afterUs)
    {
        var access = request.Access;
        string api = access.ApiId.Length > 0 ? $" on API {access.ApiId}" : access.Host is { } host ? $" on host {host}" : "";
        string version = string.IsNullOrEmpty(access.ApiVersion) ? "" : $" version {access.ApiVersion}";
        string cost = access.Cost > 1 ? $", cost {access.Cost}" : "";
        string key = request.Key is { } name ? $"with key {name}" : request.IsUnknown ? "with an unknown key" : "without a key";
        return $"{access.Method} {access.Path}{api}{version} {key}{cost}, {Sources.Moments.Format(afterUs)} after the start";
    }
}
