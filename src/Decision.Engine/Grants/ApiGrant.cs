using System.Collections.Frozen;
using System.Collections.Immutable;
using Decision.Engine.Addresses;
using Decision.Engine.Charges;
using Decision.Engine.Paths;

namespace Decision.Engine.Grants;

/// <summary>A key's right on one API, compiled: what a request is checked against.</summary>
public sealed class ApiGrant
{
    private readonly CompiledRight _right;

    // By their places among the right's endpoints; a null charge is an endpoint without any rate.
    private readonly Charge?[] _endpoints;

    internal ApiGrant(CompiledRight right, Subject subject)
    {
        _right = right;
        Rate = right.Rate?.On(subject);
        Quota = right.Quota?.On(subject);
        _endpoints = right.EndpointRates.Length == 0 ? [] : Array.ConvertAll(right.EndpointRates, terms => terms?.On(subject));
    }

    /// <summary>The right as merged, for people. Keys with the same policies share it.</summary>
    public MergedRight Right => _right.Right;

    /// <summary>The key's rate on this API; null = unlimited.</summary>
    public Charge? Rate { get; }

    /// <summary>The key's quota on this API; null = unlimited.</summary>
    public Charge? Quota { get; }

    /// <summary>Deepest query; 0 = unlimited.</summary>
    public int MaxQueryDepth => _right.MaxQueryDepth;

    /// <summary>The counters of its endpoints.</summary>
    public ImmutableArray<Charge> EndpointRates => [.. _endpoints.OfType<Charge>()];

    internal FrozenSet<string> Versions => _right.Versions;

    internal UrlRules Urls => _right.Urls;

    /// <summary>Addresses that the policies allow; null = any.</summary>
    internal AddressList? Addresses => _right.Addresses;

    /// <summary>Whether there are endpoints with rates of their own.</summary>
    internal bool HasEndpoints => !_right.Endpoints.IsEmpty;

    /// <summary>The first endpoint in order that a request fits.</summary>
    /// <param name="rate">Its rate; null = it is an endpoint without any.</param>
    internal bool TryFindEndpoint(string method, MatchPath path, out Charge? rate)
    {
        bool isFound = _right.Endpoints.TryFind(method, path, out int place);
        rate = isFound ? _endpoints[place] : null;
        return isFound;
    }
}
