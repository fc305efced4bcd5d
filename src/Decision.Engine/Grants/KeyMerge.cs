using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Engine.Grants;

/// <summary>Applies policies to a key, as the rules say under "Applying policies to a key".</summary>
public static class KeyMerge
{
    /// <summary>Computes what the key may do now. Neither the key nor a policy is changed.</summary>
    public static MergedKey Apply(Key key, PolicySet policies, GrantOptions options)
    {
        ArgumentNullException.ThrowIfNull(key);
        var applied = AppliedPolicies.Resolve(key, policies);
        var entries = applied.Entries;
        var merged = new MergedKey
        {
            Key = key,
            Policies = entries,
            MissingPolicies = applied.Missing,
            Failure = applied.Failure,
            FailureOrigin = applied.FailureOrigin,
            FailureFinding = applied.FailureFinding,
            InactiveOrigin = key.IsInactive ? "key" : entries.FirstOrDefault(entry => entry.Policy.IsInactive)?.Policy.Id ?? "",
            RequiresSignature = RequiresSignature(key, entries),
            Tags = [.. key.Tags.Concat(entries.SelectMany(entry => entry.Policy.Tags)).Distinct(StringComparer.Ordinal)],
            Metadata = MergeMetadata(key, entries),
        };
        merged = WithRemoval(WithExpiry(merged, entries));
        return applied.Failure == Reason.Allowed ? WithRights(merged, options) : merged;
    }

    private static bool RequiresSignature(Key key, ImmutableArray<PolicyEntry> entries) =>
        key.HmacEnabled || key.EnableHttpSignatureValidation
        || entries.Any(entry => entry.Policy.HmacEnabled || entry.Policy.EnableHttpSignatureValidation);

    private static ImmutableSortedDictionary<string, JsonElement> MergeMetadata(Key key, ImmutableArray<PolicyEntry> entries) =>
        entries.Aggregate(key.Metadata, (merged, entry) => merged.SetItems(entry.Policy.Metadata));

    // A key that was made before its trial policy was loaded is still a trial: it counts from the key's creation.
    private static MergedKey WithExpiry(MergedKey merged, ImmutableArray<PolicyEntry> entries)
    {
        var key = merged.Key;
        var trial = ShortestTrial(entries);
        return trial is null || key.IsTrialSettled
            ? merged with { Expires = key.Expires }
            : merged with
            {
                Expires = (key.DateCreatedUs / 1_000_000) + trial.KeyExpiresIn,
                ExpiresOrigin = trial.Id,
            };
    }

    // Of several policies the later one's word counts before the earlier one's, as with metadata; a policy's before the key's.
    private static MergedKey WithRemoval(MergedKey merged)
    {
        string action = merged.Policies.Select(entry => entry.Policy.PostExpiryAction).LastOrDefault(written => written.Length > 0)
            ?? merged.Key.PostExpiryAction;
        long grace = merged.Policies.Select(entry => entry.Policy.PostExpiryGracePeriod).LastOrDefault(written => written != 0);
        grace = grace != 0 ? grace : merged.Key.PostExpiryGracePeriod;
        return merged.Expires <= 0 ? merged
            : action == "delete" ? merged with { RemovedAt = merged.Expires }
            : action == "retain" && grace > 0 ? merged with { RemovedAt = merged.Expires + grace }
            : merged;
    }

    internal static Policy? ShortestTrial(IEnumerable<PolicyEntry> entries) =>
        entries.Select(entry => entry.Policy).Where(policy => policy.KeyExpiresIn > 0)
            .OrderBy(policy => policy.KeyExpiresIn).ThenBy(policy => policy.Id, StringComparer.Ordinal).FirstOrDefault();

    private static MergedKey WithRights(MergedKey merged, GrantOptions options)
    {
        var (key, entries) = (merged.Key, merged.Policies);

        // A policy without access_rights has nothing to say on access: it limits what others grant.
        var granting = entries.Where(entry => entry.Policy.Partitions.CoversAcl && entry.Policy.AccessRights.Count > 0).ToArray();
        bool isMaster = granting.Length == 0 && key.AccessRights.Count == 0;
        IEnumerable<string> apis = granting.Length > 0 ? granting.SelectMany(entry => entry.Policy.AccessRights.Keys)
            : isMaster ? entries.SelectMany(entry => entry.Policy.AccessRights.Keys)
            : key.AccessRights.Keys;

        var rights = ImmutableSortedDictionary.CreateBuilder<string, MergedRight>(StringComparer.Ordinal);
        if (!isMaster || options.AllowMasterKeys)
        {
            foreach (string api in apis.Distinct(StringComparer.Ordinal))
            {
                rights[api] = RightOn(api, key, entries, granting, options);
            }
        }

        // A limit of a policy for an API that nobody grants stays there (D18): it is no one's root either.
        var used = entries.RemoveAll(entry =>
            entry.Policy.AccessRights.Count > 0 && !entry.Policy.AccessRights.Keys.Any(rights.ContainsKey));
        return merged with
        {
            Rights = rights.ToImmutable(),
            IsMaster = isMaster,
            AnyApi = isMaster && options.AllowMasterKeys ? RightOn(null, key, entries, granting, options) : null,
            Root = LimitMerge.ForRoot(key, used),
        };
    }

    private static MergedRight RightOn(
        string? api, Key key, ImmutableArray<PolicyEntry> entries, PolicyEntry[] granting, GrantOptions options)
    {
        var reaching = entries.RemoveAll(entry => !Reaches(entry.Policy, api));
        var grantors = api is null ? [] : granting.Where(entry => entry.Policy.AccessRights.ContainsKey(api)).ToArray();
        var own = api is null ? null : key.AccessRights.GetValueOrDefault(api);
        return new MergedRight
        {
            Access = grantors.Length > 0
                ? AccessMerge.Union(api!, [.. grantors.Select(entry => entry.Policy.AccessRights[api!])])
                : own ?? new AccessRight { ApiId = api ?? "" },
            GrantedBy = [.. grantors.Select(entry => entry.Policy.Id)],
            Limits = LimitMerge.ForApi(key, reaching, api),
            Endpoints = AccessMerge.Endpoints(key, reaching, api),
            AllowedIps =
            [
                .. reaching.Where(entry => entry.Policy.Partitions.CoversAcl)
                    .SelectMany(entry => entry.Policy.AllowedIps).Distinct(StringComparer.Ordinal),
            ],
            RateBehavior = GrantBehavior.OfRates(
                reaching.Where(entry => entry.Policy.Partitions.CoversRate).Select(entry => entry.Policy.Behavior), key.Behavior, options),
            QuotaBehavior = GrantBehavior.OfQuota(
                reaching.Where(entry => entry.Policy.Partitions.CoversQuota).Select(entry => entry.Policy.Behavior), key.Behavior, options),
        };
    }

    /// <summary>Whether a policy has something to say on an API; null = on one that nobody names.</summary>
    internal static bool Reaches(Policy policy, string? api) =>
        policy.AccessRights.Count == 0 || (api is not null && policy.AccessRights.ContainsKey(api));
}
