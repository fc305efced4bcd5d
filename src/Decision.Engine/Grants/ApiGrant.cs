using System.Collections.Frozen;
using System.Collections.Immutable;
using Decision.Engine.Addresses;
using Decision.Engine.Charges;
using Decision.Engine.Paths;

namespace Decision.Engine.Grants;

/// <summary>A key's right on one API, compiled: what a request is checked against.</summary>
public sealed class ApiGrant
{
    internal ApiGrant(MergedRight right, UrlRules urls, EndpointTable<Charge?> endpoints)
    {
        Urls = urls;
        Endpoints = endpoints;
        Right = right;
        Versions = right.Access.Versions.ToFrozenSet(StringComparer.Ordinal);
        int depth = right.Limits.MaxQueryDepth?.Value ?? 0;
        MaxQueryDepth = depth > 0 ? depth : 0;
    }

    /// <summary>The right as merged, for people.</summary>
    public MergedRight Right { get; }

    /// <summary>The key's rate on this API; null = unlimited.</summary>
    public Charge? Rate { get; internal init; }

    /// <summary>The key's quota on this API; null = unlimited.</summary>
    public Charge? Quota { get; internal init; }

    /// <summary>Deepest query; 0 = unlimited.</summary>
    public int MaxQueryDepth { get; }

    /// <summary>The counters of its endpoints.</summary>
    public ImmutableArray<Charge> EndpointRates { get; internal init; } = [];

    internal FrozenSet<string> Versions { get; }

    internal UrlRules Urls { get; }

    /// <summary>Endpoint rates in order; a null charge is an endpoint without any rate.</summary>
    internal EndpointTable<Charge?> Endpoints { get; }

    /// <summary>Addresses that the policies allow; null = any.</summary>
    internal AddressList? Addresses { get; init; }
}
