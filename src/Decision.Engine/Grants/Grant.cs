using System.Collections.Immutable;
using Decision.Engine.Addresses;
using Decision.Engine.Charges;

namespace Decision.Engine.Grants;

/// <summary>A key with its policies, merged and compiled once and used for every request until one of them changes.</summary>
public sealed class Grant
{
    private readonly RightTable _rights;
    private readonly Subject _subject;

    // By their places in the table; null = not asked for yet. Most keys call few of their APIs.
    private readonly ApiGrant?[] _apis;

    // The set that it was last found to be current with: another one is looked through once, and nothing is allocated for that.
    private PolicySet _current;

    internal Grant(MergedKey merged, PolicySet policies, RightTable rights, Subject subject, AddressList? ownAddresses)
    {
        Merged = merged;
        _current = policies;
        _rights = rights;
        _subject = subject;
        _apis = new ApiGrant?[rights.Count];
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
    public IEnumerable<KeyValuePair<string, ApiGrant>> Apis => _rights.Named.Select(api => KeyValuePair.Create(api.Key, At(api.Value)));

    /// <summary>A master key's right on every other API; null = the key is none.</summary>
    public ApiGrant? AnyApi => _rights.AnyApi < 0 ? null : At(_rights.AnyApi);

    internal AddressList? OwnAddresses { get; }

    /// <summary>Whose counters the key's limits are.</summary>
    internal Subject Subject => _subject;

    /// <summary>The right on an API; null = none.</summary>
    public ApiGrant? Find(string apiId) => _rights.PlaceOf(apiId) is >= 0 and var place ? At(place) : null;

    /// <summary>Whether compiling again with this set would give the same grant: every policy that the key names is what it was.</summary>
    public bool IsCurrent(PolicySet policies)
    {
        if (ReferenceEquals(Volatile.Read(ref _current), policies))
        {
            return true;
        }

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

        Volatile.Write(ref _current, policies);
        return true;
    }

    private ApiGrant At(int place) =>
        Volatile.Read(ref _apis[place]) ?? Make(place);

    // Two requests may make one at once: the first stays, so that a counter is always named by the same object.
    private ApiGrant Make(int place)
    {
        var made = new ApiGrant(_rights[place], _subject);
        return Interlocked.CompareExchange(ref _apis[place], made, null) ?? made;
    }
}
