using System.Collections.Frozen;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Settings;

namespace Decision.Runtime.Decisions.Groups;

/// <summary>One question of a group that is answered together: about a key, or about a policy's limits for a subject.</summary>
public sealed record GroupedCall
{
    private GroupedCall()
    {
    }

    /// <summary>The key as the client presented it; null = asked by <see cref="KeyId"/> or <see cref="PolicyId"/>.</summary>
    public string? ApiKey { get; private init; }

    /// <summary>The id of a key that the caller has proved itself; null = asked by another.</summary>
    public string? KeyId { get; private init; }

    /// <summary>The request, for a key.</summary>
    public AccessRequest Request { get; private init; }

    /// <summary>The policy whose limits are asked for; null = asked by a key.</summary>
    public string? PolicyId { get; private init; }

    /// <summary>Whose counters they are, for a policy.</summary>
    public Subject? Subject { get; private init; }

    /// <summary>A rate in place of the policy's; null = the policy's.</summary>
    public RateSettings? Rate { get; private init; }

    /// <summary>The organisations whose policies may be asked for; null = all. For a key it is in <see cref="Request"/>.</summary>
    public FrozenSet<string>? OrganizationScope { get; private init; }

    /// <summary>Units to spend; 0 = only asked, as if it were 1.</summary>
    public long Cost { get; private init; }

    /// <summary>About a key that the client presented.</summary>
    public static GroupedCall OfKey(string apiKey, AccessRequest request, long cost) => new() { ApiKey = apiKey, Request = request, Cost = cost };

    /// <summary>About a key that the caller has proved itself.</summary>
    public static GroupedCall OfKeyId(string keyId, AccessRequest request, long cost) => new() { KeyId = keyId, Request = request, Cost = cost };

    /// <summary>About a policy's limits for a subject.</summary>
    public static GroupedCall OfPolicy(
        string policyId, Subject subject, RateSettings? rate, long cost, FrozenSet<string>? organizationScope = null) =>
        new() { PolicyId = policyId, Subject = subject, Rate = rate, Cost = cost, OrganizationScope = organizationScope };
}
