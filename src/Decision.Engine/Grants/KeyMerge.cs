using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Engine.Grants;

/// <summary>Applies policies to a key, as the rules say under "Applying policies to a key".</summary>
public static class KeyMerge
{
    /// <summary>Computes what the key may do now. Neither the key nor a policy is changed.</summary>
    public static MergedKey Apply(Key key, PolicySet policies, GrantOptions options) => Apply(key, policies, options, out _);

    /// <summary>As above, with the rights in the form that grants are compiled from.</summary>
    internal static MergedKey Apply(Key key, PolicySet policies, GrantOptions options, out MergedRights rights)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(policies);
        ArgumentNullException.ThrowIfNull(options);
        var applied = AppliedPolicies.Resolve(key, policies);
        rights = applied.Failure == Reason.Allowed ? SharedRights.Of(key, applied.Entries, options) : MergedRights.None;

        // The shared list says the same, so that each key need not keep one.
        var entries = applied.Failure == Reason.Allowed ? rights.Policies : applied.Entries;
        var trial = key.IsTrialSettled ? null : ShortestTrial(entries);
        long expires = trial is null ? key.Expires : (key.DateCreatedUs / 1_000_000) + trial.KeyExpiresIn;
        return new MergedKey
        {
            Key = key,
            Policies = entries,
            MissingPolicies = applied.Missing,
            Failure = applied.Failure,
            FailureOrigin = applied.FailureOrigin,
            FailureFinding = applied.FailureFinding,
            InactiveOrigin = key.IsInactive ? "key" : InactivePolicy(entries),
            RequiresSignature = RequiresSignature(key, entries),
            Expires = expires,
            ExpiresOrigin = trial is null ? "key" : trial.Id,
            RemovedAt = RemovedAt(key, entries, expires),
            Tags = DistinctText.Of(entries.AsSpan(), static entry => entry.Policy.Tags, first: key.Tags),
            Metadata = MergeMetadata(key, entries),
            Rights = rights.Rights,
            IsMaster = rights.IsMaster,
            AnyApi = rights.AnyApi,
            Root = rights.Root,
        };
    }

    /// <summary>The trial that counts: the shortest, of equal ones that of the policy whose id comes first. Null = none.</summary>
    /// <remarks>A key that was made before its trial policy was loaded is still a trial: it counts from the key's creation.</remarks>
    internal static Policy? ShortestTrial(ImmutableArray<PolicyEntry> entries)
    {
        Policy? shortest = null;
        foreach (var (policy, _, _) in entries)
        {
            if (policy.KeyExpiresIn > 0
                && (shortest is null
                    || policy.KeyExpiresIn < shortest.KeyExpiresIn
                    || (policy.KeyExpiresIn == shortest.KeyExpiresIn && string.CompareOrdinal(policy.Id, shortest.Id) < 0)))
            {
                shortest = policy;
            }
        }

        return shortest;
    }

    private static string InactivePolicy(ImmutableArray<PolicyEntry> entries)
    {
        foreach (var (policy, _, _) in entries)
        {
            if (policy.IsInactive)
            {
                return policy.Id;
            }
        }

        return "";
    }

    private static bool RequiresSignature(Key key, ImmutableArray<PolicyEntry> entries)
    {
        bool requires = key.HmacEnabled || key.EnableHttpSignatureValidation;
        foreach (var (policy, _, _) in entries)
        {
            requires |= policy.HmacEnabled || policy.EnableHttpSignatureValidation;
        }

        return requires;
    }

    private static ImmutableSortedDictionary<string, JsonElement> MergeMetadata(Key key, ImmutableArray<PolicyEntry> entries)
    {
        var merged = key.Metadata;
        foreach (var (policy, _, _) in entries)
        {
            merged = policy.Metadata.IsEmpty ? merged
                : merged.IsEmpty && Equals(merged.KeyComparer, policy.Metadata.KeyComparer) ? policy.Metadata
                : merged.SetItems(policy.Metadata);
        }

        return merged;
    }

    // Of several policies the later one's word counts before the earlier one's, as with metadata; a policy's before the key's.
    private static long RemovedAt(Key key, ImmutableArray<PolicyEntry> entries, long expires)
    {
        if (expires <= 0)
        {
            return 0;
        }

        var (action, grace) = (key.PostExpiryAction, key.PostExpiryGracePeriod);
        foreach (var (policy, _, _) in entries)
        {
            action = policy.PostExpiryAction.Length > 0 ? policy.PostExpiryAction : action;
            grace = policy.PostExpiryGracePeriod != 0 ? policy.PostExpiryGracePeriod : grace;
        }

        return action == "delete" ? expires : action == "retain" && grace > 0 ? expires + grace : 0;
    }
}
