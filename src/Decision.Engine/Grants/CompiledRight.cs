using System.Collections.Frozen;
using System.Collections.Immutable;
using Decision.Engine.Addresses;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Paths;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>A right on one API, compiled as far as it is the same for all keys that have it.</summary>
internal sealed class CompiledRight
{
    /// <summary>Compiles it. Patterns and addresses were validated when they were written; one that is not valid grants nothing.</summary>
    public CompiledRight(string apiId, MergedRight right, GrantOptions options)
    {
        Right = right;
        Urls = right.Access.AllowedUrls.IsEmpty ? UrlRules.None
            : UrlRules.Compile([.. right.Access.AllowedUrls.Select(url => new UrlEntry(url.Url, url.Methods))], options.UrlMatching, out _);
        Versions = right.Access.Versions.ToFrozenSet(StringComparer.Ordinal);
        MaxQueryDepth = Math.Max(right.Limits.MaxQueryDepth?.Value ?? 0, 0);
        Addresses = AddressesOf(right.AllowedIps);
        Rate = right.Limits.Rate is { } rate && LimitCompiler.Rate(rate.Value) is { } limit
            ? TermsOf("rate/", limit, null, Reason.RateLimited, rate.Scope, rate.Origin, right.RateBehavior) : null;
        Quota = right.Limits.Quota is { } quota && LimitCompiler.Quota(quota.Value) is { } most
            ? TermsOf("quota/", null, most, Reason.QuotaExceeded, quota.Scope, quota.Origin, right.QuotaBehavior) : null;
        (EndpointRates, Endpoints) = EndpointsOf(apiId, right, options.UrlMatching);
    }

    /// <summary>The right as merged.</summary>
    public MergedRight Right { get; }

    public UrlRules Urls { get; }

    public FrozenSet<string> Versions { get; }

    /// <summary>Deepest query; 0 = unlimited.</summary>
    public int MaxQueryDepth { get; }

    /// <summary>Addresses that the policies allow; null = any.</summary>
    public AddressList? Addresses { get; }

    /// <summary>The rate; null = unlimited.</summary>
    public ChargeTerms? Rate { get; }

    /// <summary>The quota; null = unlimited.</summary>
    public ChargeTerms? Quota { get; }

    /// <summary>The endpoints in order; null = one without any rate.</summary>
    public ChargeTerms?[] EndpointRates { get; }

    /// <summary>Where an endpoint's rate is among <see cref="EndpointRates"/>.</summary>
    public EndpointTable<int> Endpoints { get; }

    /// <summary>Null = any address.</summary>
    public static AddressList? AddressesOf(ImmutableArray<string> written) => written.IsEmpty ? null : AddressList.Parse(written, out _);

    private static (ChargeTerms?[] Rates, EndpointTable<int> Table) EndpointsOf(string apiId, MergedRight right, UrlMatching matching)
    {
        if (right.Endpoints.IsEmpty)
        {
            return ([], EndpointTable<int>.None);
        }

        var rates = new ChargeTerms?[right.Endpoints.Length];
        var entries = new EndpointEntry<int>[rates.Length];
        for (int place = 0; place < rates.Length; place++)
        {
            var endpoint = right.Endpoints[place];
            string scope = $"endpoint:{apiId}:{endpoint.Method}:{endpoint.Path}";
            entries[place] = new EndpointEntry<int>(endpoint.Path, endpoint.Method, place);
            rates[place] = LimitCompiler.Rate(endpoint.Rate) is { } limit
                ? TermsOf("rate/", limit, null, Reason.RateLimited, scope, endpoint.Origin, right.RateBehavior) : null;
        }

        return (rates, EndpointTable.Compile(entries, matching, out _));
    }

    private static ChargeTerms TermsOf(
        string group, RateLimit? rate, QuotaLimit? quota, Reason refusal, string scope, Origin origin, GrantBehavior behavior) =>
        new(group + scope, rate, quota, refusal, scope, origin)
        {
            OnStoreFailure = behavior.OnStoreFailure,
            Mode = behavior.Mode,
            IsShadow = behavior.Enforcement == Enforcement.Shadow,
        };
}
