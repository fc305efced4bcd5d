using System.Collections.Frozen;
using System.Collections.Immutable;
using Decision.Engine.Addresses;

namespace Decision.Engine.Grants;

/// <summary>A key with its policies, merged and compiled once and used for every request until one of them changes.</summary>
public sealed class Grant
{
    private readonly FrozenDictionary<string, ApiGrant> _apis;
    private readonly ApiGrant? _anyApi;

    internal Grant(MergedKey merged, FrozenDictionary<string, ApiGrant> apis, ApiGrant? anyApi, AddressList? ownAddresses)
    {
        Merged = merged;
        _apis = apis;
        _anyApi = anyApi;
        OwnAddresses = ownAddresses;
        ExpiresUs = merged.Expires > 0 ? merged.Expires * 1_000_000 : 0;
        RemovedAtUs = merged.RemovedAt * 1_000_000;
    }

    /// <summary>The merge that it was compiled from.</summary>
    public MergedKey Merged { get; }

    /// <summary>The key's id.</summary>
    public string KeyId => Merged.Key.Id;

    /// <summary>The key's organisation.</summary>
    public string OrganizationId => Merged.Key.OrganizationId;

    /// <summary>The policies in force. The grant is current as long as a set holds these very entries and none of the missing ones.</summary>
    public ImmutableArray<PolicyEntry> Policies => Merged.Policies;

    /// <summary>Microseconds since the Unix epoch, after which the key is expired; 0 = never.</summary>
    public long ExpiresUs { get; }

    /// <summary>Microseconds since the Unix epoch, after which the expired key is unknown; 0 = never.</summary>
    public long RemovedAtUs { get; }

    /// <summary>Every right that is named, with its API.</summary>
    public IEnumerable<KeyValuePair<string, ApiGrant>> Apis => _apis;

    /// <summary>A master key's right on every other API; null = the key is none.</summary>
    public ApiGrant? AnyApi => _anyApi;

    internal AddressList? OwnAddresses { get; }

    /// <summary>The right on an API; null = none.</summary>
    public ApiGrant? Find(string apiId) => _apis.TryGetValue(apiId, out var right) ? right : _anyApi;

    /// <summary>Whether compiling again with this set would give the same grant: every policy that the key names is what it was.</summary>
    public bool IsCurrent(PolicySet policies)
    {
        ArgumentNullException.ThrowIfNull(policies);
        foreach (var entry in Merged.Policies)
        {
            if (!ReferenceEquals(policies.Find(entry.Policy.Id), entry))
            {
                return false;
            }
        }

        foreach (var missing in Merged.MissingPolicies)
        {
            if (!ReferenceEquals(policies.Find(missing.PolicyId), missing.Entry))
            {
                return false;
            }
        }

        return true;
    }
}
