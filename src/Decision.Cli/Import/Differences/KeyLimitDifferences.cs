using Decision.Engine.Settings;

namespace Decision.Cli.Import.Differences;

/// <summary>D5, D7, D18 and D19: where Tyk comes to another rate or quota than we do, and why.</summary>
internal static class KeyLimitDifferences
{
    /// <summary>One effect for each API and limit that differs.</summary>
    public static IEnumerable<Effect> Of(KeyFacts facts)
    {
        // Tyk refuses a key without any access from a policy (D2), and keeps per_api limits as they are written.
        if (facts.Policies.Count == 0 || facts.HasPerApi || facts.Granting.Count == 0)
        {
            yield break;
        }

        foreach (var (apiId, right) in facts.Merged.Rights)
        {
            var tyk = TykLimits.Of(facts.Key, facts.Policies, apiId);
            if (Rate(facts, apiId, tyk, right.Limits.Rate?.Value) is { } rate)
            {
                yield return rate;
            }

            if (Quota(facts, apiId, tyk, right.Limits.Quota?.Value) is { } quota)
            {
                yield return quota;
            }
        }
    }

    private static Effect? Rate(KeyFacts facts, string apiId, TykLimits tyk, RateSettings? ours)
    {
        bool isLimited = ours is { IsUnlimited: false };
        string there = tyk.HasRate ? $"{LimitDifferences.Number(tyk.Rate)} per {LimitDifferences.Number(tyk.Per)} s" : "unlimited";
        string here = isLimited ? $"{LimitDifferences.Number(ours!.Value.Rate)} per {LimitDifferences.Number(ours.Value.Per)} s" : "unlimited";
        if (there == here)
        {
            return null;
        }

        string sentence = $"API {apiId}: the rate is {here} here and {there} at Tyk";
        if (tyk.HasRate && !isLimited)
        {
            return ours is { IsUnlimited: true } && Reaches(facts, apiId, rate: true)
                ? Effect(facts, "D7", EffectKind.WidensLimit, sentence + ", where -1 with per 0 loses.")
                : Effect(facts, "D18", EffectKind.WidensLimit, sentence + ": a policy for another API limits this one there.");
        }

        if (!tyk.HasRate)
        {
            return Effect(facts, "D18", EffectKind.Narrows, sentence + ".");
        }

        double speedHere = ours!.Value.Rate / ours.Value.Per;
        double speedThere = tyk.Rate / tyk.Per;
        bool isSameSpeed = Math.Abs(speedHere - speedThere) <= 1e-9 * speedThere;
        return isSameSpeed
            ? Effect(
                facts,
                "D19",
                ours.Value.Rate > tyk.Rate ? EffectKind.WidensLimit : EffectKind.Narrows,
                sentence + ": both are equally fast, and the larger counts here, the earlier there.")
            : Effect(facts, "D18", speedHere > speedThere ? EffectKind.WidensLimit : EffectKind.Narrows, sentence + ".");
    }

    private static Effect? Quota(KeyFacts facts, string apiId, TykLimits tyk, QuotaSettings? ours)
    {
        bool isLimited = ours is { IsUnlimited: false };
        if ((!isLimited && !tyk.HasQuota) || (isLimited && ours!.Max == tyk.QuotaMax && Seconds(ours.RenewalRate) == Seconds(tyk.QuotaRenewal)))
        {
            return null;
        }

        string here = isLimited ? Text(ours!.Max, ours.RenewalRate) : "unlimited";
        string sentence = $"API {apiId}: the quota is {here} here and {(tyk.HasQuota ? Text(tyk.QuotaMax, tyk.QuotaRenewal) : "unlimited")} at Tyk";
        if (isLimited && ours!.Max == tyk.QuotaMax)
        {
            bool isSooner = Seconds(ours.RenewalRate) < Seconds(tyk.QuotaRenewal);
            return Effect(
                facts, "D5", isSooner ? EffectKind.WidensLimit : EffectKind.Narrows, sentence + ", which takes the longest renewal of all policies.");
        }

        bool isWider = !isLimited || (tyk.HasQuota && ours!.Max > tyk.QuotaMax);
        return Effect(
            facts,
            "D18",
            isWider ? EffectKind.WidensLimit : EffectKind.Narrows,
            sentence + (Reaches(facts, apiId, rate: false) ? "." : ": a policy for another API limits this one there."));
    }

    // Where a policy is not loaded here, that is the cause, whatever the rule.
    private static Effect Effect(KeyFacts facts, string code, EffectKind kind, string text) =>
        facts.Effect(facts.Policies.Any(static policy => !policy.IsLoaded) ? "D1" : code, kind, text);

    private static bool Reaches(KeyFacts facts, string apiId, bool rate) => facts.Policies.Any(policy =>
        policy.IsLoaded
        && (rate ? policy.Partitions.CoversRate : policy.Partitions.CoversQuota)
        && (policy.AccessRights.IsEmpty || policy.AccessRights.ContainsKey(apiId)));

    private static long Seconds(long renewal) => renewal <= 0 ? long.MaxValue : renewal;

    private static string Text(long max, long renewal) => renewal <= 0 ? $"{max} for good" : $"{max} in {renewal} s";
}
