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
    public static MergedLimits ForApi(Key key, PolicyReach reach, string? apiId)
    {
        var own = apiId is null ? null : key.AccessRights.GetValueOrDefault(apiId)?.Limit;

        // Without a block of its own an API has the limits of every other one that the same policies reach.
        return own is null && !HasBlock(reach.Entries, apiId)
            ? reach.Limits ??= Merge(key, reach, own: null, apiId: null)
            : Merge(key, reach, own, apiId);
    }

    /// <summary>The limits at the root: of the policies' roots where a group is covered, else the key's.</summary>
    public static MergedLimits ForRoot(Key key, ImmutableArray<PolicyEntry> used, GrantOptions options)
    {
        var counted = used.RemoveAll(static entry => entry.Policy.Partitions.PerApi && entry.Policy.Limits == LimitSettings.None);
        return Merge(key, new PolicyReach(counted, options), own: null, apiId: null);
    }

    /// <summary>Greater than 0 where the first is the more permissive.</summary>
    public static int CompareRates(RateSettings a, RateSettings b) => (a.IsUnlimited, b.IsUnlimited) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => a == b ? 0 : RateLimit.ComparePermissiveness(LimitCompiler.Rate(a)!, LimitCompiler.Rate(b)!),
    };

    /// <summary>Greater than 0 where the first is the more permissive.</summary>
    public static int CompareQuotas(QuotaSettings a, QuotaSettings b) => (a.IsUnlimited, b.IsUnlimited) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => a == b ? 0 : QuotaLimit.ComparePermissiveness(LimitCompiler.Quota(a)!, LimitCompiler.Quota(b)!),
    };

    private static int CompareDepths(int a, int b) => (a < 0 ? int.MaxValue : a).CompareTo(b < 0 ? int.MaxValue : b);

    private static MergedLimits Merge(Key key, PolicyReach reach, LimitSettings? own, string? apiId)
    {
        var throttle = ThrottleOf(key.Limits, own, reach.Rate, apiId);
        return new MergedLimits
        {
            Rate = reach.Rate.IsEmpty
                ? RateOf(key, own, apiId)
                : Best(reach.Rate, apiId, "rate", static limits => limits.Rate, static rate => rate.IsSet, CompareRates),
            Quota = reach.Quota.IsEmpty
                ? QuotaOf(key, own, apiId)
                : Best(reach.Quota, apiId, "quota_max", static limits => limits.Quota, static quota => quota.IsSet, CompareQuotas),
            MaxQueryDepth = reach.Complexity.IsEmpty
                ? DepthOf(key, own, apiId)
                : Best(reach.Complexity, apiId, "max_query_depth", static limits => limits.MaxQueryDepth, static depth => depth != 0, CompareDepths),
            ThrottleInterval = throttle.Interval,
            ThrottleRetryLimit = throttle.RetryLimit,
        };
    }

    // The most permissive; of equal ones that of the policy whose id comes first.
    private static MergedLimit<T>? Best<T>(
        ImmutableArray<PolicyEntry> covering, string? apiId, string field, Func<LimitSettings, T> read, Func<T, bool> isSet, Func<T, T, int> compare)
    {
        (Policy? Policy, T? Value, bool IsOfApi) best = default;
        foreach (var (policy, _, _) in covering)
        {
            bool isOfApi = BlockOf(policy, apiId) is { } block && isSet(read(block));
            var value = read(isOfApi ? BlockOf(policy, apiId)! : policy.Limits);
            if (!isSet(value))
            {
                continue;
            }

            int order = best.Policy is null ? 1 : compare(value, best.Value!);
            if (order > 0 || (order == 0 && string.CompareOrdinal(policy.Id, best.Policy!.Id) < 0))
            {
                best = (policy, value, isOfApi);
            }
        }

        return best.Policy is null ? null
            : best.IsOfApi ? MergedLimit.AtPolicyApi(best.Value!, best.Policy.Id, apiId!, field)
            : MergedLimit.AtPolicy(best.Value!, best.Policy.Id, field);
    }

    private static bool HasBlock(ImmutableArray<PolicyEntry> reaching, string? apiId)
    {
        foreach (var entry in reaching)
        {
            if (BlockOf(entry.Policy, apiId) is not null)
            {
                return true;
            }
        }

        return false;
    }

    // A limit block in a policy counts only with per_api; a group that the block does not set comes from the policy's root (D24).
    private static LimitSettings? BlockOf(Policy policy, string? apiId) =>
        policy.Partitions.PerApi && apiId is not null ? policy.AccessRights.GetValueOrDefault(apiId)?.Limit : null;

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
        LimitSettings root, LimitSettings? own, ImmutableArray<PolicyEntry> covering, string? apiId)
    {
        if (covering.IsEmpty)
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
