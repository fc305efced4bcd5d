using System.Collections.Immutable;
using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Engine.Grants;

/// <summary>Merges what a key may do on each API.</summary>
internal sealed class RightMerge(Key key, ImmutableArray<PolicyEntry> entries, GrantOptions options)
{
    private PolicyReach? _last;

    /// <summary>Every right, and the limits at the root.</summary>
    public static MergedRights All(Key key, ImmutableArray<PolicyEntry> entries, GrantOptions options)
    {
        var merge = new RightMerge(key, entries, options);
        bool isGranted = entries.Any(static entry => Grants(entry.Policy));
        bool isMaster = !isGranted && key.AccessRights.Count == 0;
        var rights = ImmutableSortedDictionary.CreateBuilder<string, MergedRight>(StringComparer.Ordinal);
        if (!isMaster || options.AllowMasterKeys)
        {
            if (!isGranted)
            {
                foreach (string api in key.AccessRights.Keys)
                {
                    rights[api] = merge.On(api);
                }
            }

            if (isGranted || isMaster)
            {
                foreach (var entry in entries)
                {
                    if (isMaster || Grants(entry.Policy))
                    {
                        merge.AddAll(entry.Policy, rights);
                    }
                }
            }
        }

        // A limit of a policy for an API that nobody grants stays there (D18): it is no one's root either.
        var used = entries.RemoveAll(entry =>
            entry.Policy.AccessRights.Count > 0 && !entry.Policy.AccessRights.Keys.Any(rights.ContainsKey));
        return new MergedRights(entries, options)
        {
            Rights = rights.ToImmutable(),
            IsMaster = isMaster,
            AnyApi = isMaster && options.AllowMasterKeys ? merge.On(null) : null,
            Root = LimitMerge.ForRoot(key, used, options),
        };
    }

    private static bool Grants(Policy policy) => policy.Partitions.CoversAcl && policy.AccessRights.Count > 0;

    private void AddAll(Policy policy, ImmutableSortedDictionary<string, MergedRight>.Builder rights)
    {
        foreach (string api in policy.AccessRights.Keys)
        {
            if (!rights.ContainsKey(api))
            {
                rights.Add(api, On(api));
            }
        }
    }

    // api null = one that nobody names.
    private MergedRight On(string? api)
    {
        var reach = _last is not null && _last.IsOf(api, entries)
            ? _last
            : _last = new PolicyReach(entries.RemoveAll(entry => !PolicyReach.Reaches(entry.Policy, api)), options);
        return new MergedRight
        {
            Access = api is not null && !reach.Grantors.IsEmpty
                ? AccessMerge.Union(api, reach.Grantors)
                : (api is null ? null : key.AccessRights.GetValueOrDefault(api)) ?? new AccessRight { ApiId = api ?? "" },
            GrantedBy = reach.GrantedBy,
            Limits = LimitMerge.ForApi(key, reach, api),
            Endpoints = AccessMerge.Endpoints(key, reach, api),
            AllowedIps = reach.AllowedIps,
            RateBehavior = reach.RateBehavior(key),
            QuotaBehavior = reach.QuotaBehavior(key),
        };
    }
}
