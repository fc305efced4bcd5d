namespace Decision.Cli.Import.Differences;

/// <summary>D23: which APIs of a key share a quota's counter, at Tyk and here.</summary>
internal static class CounterDifferences
{
    /// <summary>At most one effect.</summary>
    public static IEnumerable<Effect> Of(KeyFacts facts)
    {
        if (facts.Granting.Count < 2)
        {
            yield break;
        }

        var apis = facts.Merged.Rights
            .Where(static right => right.Value.Limits.Quota is { Value.IsUnlimited: false })
            .Select(right => (Api: right.Key, Here: right.Value.Limits.Quota!.Scope, There: TykScope.Of(facts.Key, facts.Policies, right.Key)))
            .ToList();
        var split = Pairs(apis).FirstOrDefault(static pair => pair.First.There == pair.Second.There && pair.First.Here != pair.Second.Here);
        if (split != default)
        {
            yield return facts.Effect(
                "D23",
                EffectKind.WidensLimit,
                $"{split.First.Api} and {split.Second.Api} each have a quota's counter of their own ({split.First.Here}, {split.Second.Here}), as the limits come from two places; at Tyk they share one.");
            yield break;
        }

        var joined = Pairs(apis).FirstOrDefault(static pair => pair.First.There != pair.Second.There && pair.First.Here == pair.Second.Here);
        if (joined != default)
        {
            yield return facts.Effect(
                "D23",
                EffectKind.Narrows,
                $"{joined.First.Api} and {joined.Second.Api} share the quota's counter of the policy whose limit counts ({joined.First.Here}); at Tyk each has its own.");
        }
    }

    private static IEnumerable<(T First, T Second)> Pairs<T>(List<T> items) =>
        from first in Enumerable.Range(0, items.Count)
        from second in Enumerable.Range(first + 1, items.Count - first - 1)
        select (items[first], items[second]);
}
