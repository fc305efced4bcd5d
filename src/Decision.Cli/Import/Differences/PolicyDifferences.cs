using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Cli.Import.Differences;

/// <summary>The differences that can be seen in one policy.</summary>
internal static class PolicyDifferences
{
    /// <summary>All that apply.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="listenPaths">Listen paths by API, of definitions that are imported as well.</param>
    public static IEnumerable<Effect> Of(Policy policy, IReadOnlyDictionary<string, string> listenPaths)
    {
        string subject = "policy " + policy.Id;
        if (!policy.IsLoaded)
        {
            yield return new Effect("D1", EffectKind.Narrows, subject, "active: false is obeyed: the policy is not loaded, and gives its keys nothing.");
        }

        if (policy.Partitions.CoversRate && policy.Limits.Rate is { IsUnlimited: true, Per: 0 })
        {
            yield return new Effect(
                "D7",
                EffectKind.WidensLimit,
                subject,
                "rate -1 with per 0 is unlimited, also for a key that has a second policy with a rate; at Tyk the second one's rate counts.");
        }

        foreach (var effect in LimitDifferences.Of(subject, policy.Limits, ""))
        {
            yield return effect;
        }

        foreach (var (apiId, right) in policy.AccessRights)
        {
            listenPaths.TryGetValue(apiId, out string? listenPath);
            foreach (var effect in LimitDifferences.Of(subject, apiId, right, listenPath))
            {
                yield return effect;
            }

            if (policy.Partitions.PerApi && right.Limit is { } block)
            {
                foreach (var effect in LimitDifferences.Of(subject, block, $"access_rights.{apiId}.limit").Concat(Block(subject, apiId, block, policy.Limits)))
                {
                    yield return effect;
                }
            }
        }
    }

    /// <summary>D24: what a block on an API leaves open comes from the root here, and is unlimited at Tyk.</summary>
    public static IEnumerable<Effect> Block(string subject, string apiId, LimitSettings block, LimitSettings root)
    {
        bool isEmpty = block with { Smoothing = null, ExtraFields = LimitSettings.None.ExtraFields } == LimitSettings.None;
        string[] open =
        [
            .. !block.Rate.IsSet && root.Rate is { IsSet: true, IsUnlimited: false } ? new[] { "rate" } : [],
            .. !block.Quota.IsSet && root.Quota is { IsSet: true, IsUnlimited: false } ? new[] { "quota_max" } : [],
            .. block.MaxQueryDepth == 0 && root.MaxQueryDepth > 0 ? new[] { "max_query_depth" } : [],
        ];
        if (!isEmpty && open.Length > 0)
        {
            yield return new Effect(
                "D24",
                EffectKind.Narrows,
                subject,
                $"access_rights.{apiId}.limit: {string.Join(", ", open)} is not set there and comes from the root; at Tyk it is unlimited. Write -1 to keep that.");
        }
    }
}
