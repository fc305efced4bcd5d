using System.Collections.Immutable;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>Which limit counts, where several policies or the key write one. Every choice is independent of the policies' order.</summary>
internal static class LimitMerge
{
    /// <summary>The limits of one API; <paramref name="apiId"/> null = of an API that nobody names.</summary>
    public static MergedLimits ForApi(Key key, ImmutableArray<PolicyEntry> reaching, string? apiId)
    {
        var own = apiId is null ? null : key.AccessRights.GetValueOrDefault(apiId)?.Limit;
        var rate = reaching.Where(entry => entry.Policy.Partitions.CoversRate).ToArray();
        var quota = reaching.Where(entry => entry.Policy.Partitions.CoversQuota).ToArray();
        var complexity = reaching.Where(entry => entry.Policy.Partitions.CoversComplexity).ToArray();
        var throttle = ThrottleOf(key.Limits, own, rate, apiId);
        return new MergedLimits
        {
            Rate = rate.Length > 0 ? Best(rate.Select(entry => RateOf(entry.Policy, apiId)), FasterRate) : RateOf(key, own, apiId),
            Quota = quota.Length > 0 ? Best(quota.Select(entry => QuotaOf(entry.Policy, apiId)), LargerQuota) : QuotaOf(key, own, apiId),
            MaxQueryDepth = complexity.Length > 0
                ? Best(complexity.Select(entry => DepthOf(entry.Policy, apiId)), DeeperQuery)
                : DepthOf(key, own, apiId),
            ThrottleInterval = throttle.Interval,
            ThrottleRetryLimit = throttle.RetryLimit,
        };
    }

    /// <summary>The limits at the root: of the policies' roots where a group is covered, else the key's.</summary>
    public static MergedLimits ForRoot(Key key, ImmutableArray<PolicyEntry> used) => ForApi(
        key with { AccessRights = key.AccessRights.Clear() },
        used.RemoveAll(entry => entry.Policy.Partitions.PerApi && entry.Policy.Limits == LimitSettings.None),
        null);

    /// <summary>Greater than 0 where the first is the more permissive.</summary>
    public static int CompareRates(RateSettings a, RateSettings b) => (a.IsUnlimited, b.IsUnlimited) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => RateLimit.ComparePermissiveness(LimitCompiler.Rate(a)!, LimitCompiler.Rate(b)!),
    };

    private static int CompareQuotas(QuotaSettings a, QuotaSettings b) => (a.IsUnlimited, b.IsUnlimited) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => QuotaLimit.ComparePermissiveness(LimitCompiler.Quota(a)!, LimitCompiler.Quota(b)!),
    };

    private static int CompareDepths(int a, int b) => (a < 0 ? int.MaxValue : a).CompareTo(b < 0 ? int.MaxValue : b);

    private static bool FasterRate(MergedLimit<RateSettings> a, MergedLimit<RateSettings> b) => Wins(a, b, CompareRates(a.Value, b.Value));

    private static bool LargerQuota(MergedLimit<QuotaSettings> a, MergedLimit<QuotaSettings> b) => Wins(a, b, CompareQuotas(a.Value, b.Value));

    private static bool DeeperQuery(MergedLimit<int> a, MergedLimit<int> b) => Wins(a, b, CompareDepths(a.Value, b.Value));

    private static bool Wins<T>(MergedLimit<T> a, MergedLimit<T> b, int order) =>
        order > 0 || (order == 0 && string.CompareOrdinal(a.Origin.PolicyId, b.Origin.PolicyId) < 0);

    private static MergedLimit<T>? Best<T>(IEnumerable<MergedLimit<T>?> candidates, Func<MergedLimit<T>, MergedLimit<T>, bool> wins)
    {
        MergedLimit<T>? best = null;
        foreach (var candidate in candidates)
        {
            if (candidate is not null && (best is null || wins(candidate, best)))
            {
                best = candidate;
            }
        }

        return best;
    }

    // A limit block in a policy counts only with per_api; a group that the block does not set comes from the policy's root (D24).
    private static LimitSettings? BlockOf(Policy policy, string? apiId) =>
        policy.Partitions.PerApi && apiId is not null ? policy.AccessRights.GetValueOrDefault(apiId)?.Limit : null;

    private static MergedLimit<RateSettings>? RateOf(Policy policy, string? apiId) =>
        BlockOf(policy, apiId) is { Rate.IsSet: true } block
            ? MergedLimit.AtPolicyApi(block.Rate, policy.Id, apiId!, "rate")
            : policy.Limits.Rate.IsSet ? MergedLimit.AtPolicy(policy.Limits.Rate, policy.Id, "rate") : null;

    private static MergedLimit<QuotaSettings>? QuotaOf(Policy policy, string? apiId) =>
        BlockOf(policy, apiId) is { Quota.IsSet: true } block
            ? MergedLimit.AtPolicyApi(block.Quota, policy.Id, apiId!, "quota_max")
            : policy.Limits.Quota.IsSet ? MergedLimit.AtPolicy(policy.Limits.Quota, policy.Id, "quota_max") : null;

    private static MergedLimit<int>? DepthOf(Policy policy, string? apiId) =>
        BlockOf(policy, apiId) is { MaxQueryDepth: not 0 } block
            ? MergedLimit.AtPolicyApi(block.MaxQueryDepth, policy.Id, apiId!, "max_query_depth")
            : policy.Limits.MaxQueryDepth != 0
                ? MergedLimit.AtPolicy(policy.Limits.MaxQueryDepth, policy.Id, "max_query_depth")
                : null;

    private static MergedLimit<RateSettings>? RateOf(Key key, LimitSettings? own, string? apiId) =>
        own is { Rate.IsSet: true } ? MergedLimit.AtKeyApi(own.Rate, apiId!, "rate")
        : key.Limits.Rate.IsSet ? MergedLimit.AtKey(key.Limits.Rate, "rate") : null;

    private static MergedLimit<QuotaSettings>? QuotaOf(Key key, LimitSettings? own, string? apiId) =>
        own is { Quota.IsSet: true } ? MergedLimit.AtKeyApi(own.Quota, apiId!, "quota_max")
        : key.Limits.Quota.IsSet ? MergedLimit.AtKey(key.Limits.Quota, "quota_max") : null;

    private static MergedLimit<int>? DepthOf(Key key, LimitSettings? own, string? apiId) =>
        own is { MaxQueryDepth: not 0 } ? MergedLimit.AtKeyApi(own.MaxQueryDepth, apiId!, "max_query_depth")
        : key.Limits.MaxQueryDepth != 0 ? MergedLimit.AtKey(key.Limits.MaxQueryDepth, "max_query_depth") : null;

    private static (double Interval, int RetryLimit) ThrottleOf(
        LimitSettings root, LimitSettings? own, PolicyEntry[] covering, string? apiId)
    {
        if (covering.Length == 0)
        {
            return (
                own is { ThrottleInterval: not 0 } ? own.ThrottleInterval : root.ThrottleInterval,
                own is { ThrottleRetryLimit: not 0 } ? own.ThrottleRetryLimit : root.ThrottleRetryLimit);
        }

        return (
            covering.Max(entry => BlockOf(entry.Policy, apiId) is { ThrottleInterval: not 0 } block
                ? block.ThrottleInterval : entry.Policy.Limits.ThrottleInterval),
            covering.Max(entry => BlockOf(entry.Policy, apiId) is { ThrottleRetryLimit: not 0 } block
                ? block.ThrottleRetryLimit : entry.Policy.Limits.ThrottleRetryLimit));
    }
}
