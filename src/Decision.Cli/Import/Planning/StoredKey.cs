using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Cli.Import.Planning;

/// <summary>
/// The key to store. A session of Tyk's has in it what its policies once gave (D26): that is left to the policies, so that taking a policy
/// away takes away what it gave.
/// </summary>
internal static class StoredKey
{
    /// <summary>The key without what its policies give, and the names of the fields that were left out.</summary>
    /// <param name="key">The session as it came.</param>
    /// <param name="policies">Its policies.</param>
    /// <param name="remaining">The ids of policies that exist.</param>
    public static (Key Key, IReadOnlyList<string> LeftToPolicies) Of(Key key, IReadOnlyList<Policy> policies, ImmutableArray<string> remaining)
    {
        var left = new List<string>();
        var stored = key with
        {
            ApplyPolicies = remaining,
            AccessRights = key.AccessRights.ToImmutableSortedDictionary(
                static right => right.Key, static right => right.Value with { AllowanceScope = "" }, StringComparer.Ordinal),

            // Never, and not the service's default: at Tyk it has no end.
            Expires = key.Expires < 1 ? -1 : key.Expires,
            DateCreatedUs = 0,
            LastUpdated = "",
        };
        bool hasAcl = policies.Any(static policy => policy.Partitions.CoversAcl && !policy.AccessRights.IsEmpty);
        bool hasRate = policies.Any(static policy => policy.Partitions.CoversRate);
        bool hasQuota = policies.Any(static policy => policy.Partitions.CoversQuota);
        bool hasDepth = policies.Any(static policy => policy.Partitions.CoversComplexity);
        if (hasAcl && !key.AccessRights.IsEmpty)
        {
            left.Add("access_rights");
            stored = stored with { AccessRights = stored.AccessRights.Clear() };
        }

        var limits = stored.Limits;
        var kept = limits with
        {
            Rate = hasRate ? default : limits.Rate,
            ThrottleInterval = hasRate ? 0 : limits.ThrottleInterval,
            ThrottleRetryLimit = hasRate ? 0 : limits.ThrottleRetryLimit,
            Smoothing = hasRate ? null : limits.Smoothing,
            Quota = hasQuota ? QuotaSettings.None : limits.Quota,
            MaxQueryDepth = hasDepth ? 0 : limits.MaxQueryDepth,
        };
        if (kept != limits)
        {
            left.Add("limits");
            stored = stored with { Limits = kept };
        }

        stored = Labels(stored, policies, left);
        return (stored, left);
    }

    private static Key Labels(Key key, IReadOnlyList<Policy> policies, List<string> left)
    {
        var tags = key.Tags.RemoveAll(tag => policies.Any(policy => policy.Tags.Contains(tag)));
        if (tags.Length != key.Tags.Length)
        {
            left.Add("tags");
        }

        var metadata = key.Metadata.RemoveRange(key.Metadata
            .Where(entry => policies.Any(policy => policy.Metadata.TryGetValue(entry.Key, out var given) && JsonElement.DeepEquals(given, entry.Value)))
            .Select(static entry => entry.Key));
        if (metadata.Count != key.Metadata.Count)
        {
            left.Add("meta_data");
        }

        bool hmac = key.HmacEnabled && !policies.Any(static policy => policy.HmacEnabled);
        bool signature = key.EnableHttpSignatureValidation && !policies.Any(static policy => policy.EnableHttpSignatureValidation);
        bool inactive = key.IsInactive && !policies.Any(static policy => policy.IsInactive);
        if ((hmac, signature, inactive) != (key.HmacEnabled, key.EnableHttpSignatureValidation, key.IsInactive))
        {
            left.Add("flags");
        }

        return key with
        {
            Tags = tags,
            Metadata = metadata,
            HmacEnabled = hmac,
            EnableHttpSignatureValidation = signature,
            IsInactive = inactive,
        };
    }
}
