using System.Collections.Frozen;
using System.Collections.Immutable;
using Decision.Engine.Addresses;
using Decision.Engine.Charges;
using Decision.Engine.Keys;
using Decision.Engine.Paths;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>Merges a key with its policies and prepares everything that a request is checked against.</summary>
public static class GrantCompiler
{
    /// <summary>Compiles a grant. Patterns and addresses were validated when they were written; one that is not valid grants nothing.</summary>
    public static Grant Compile(Key key, PolicySet policies, GrantOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var merged = KeyMerge.Apply(key, policies, options);
        var compilation = new Compilation(merged, options);
        return new Grant(
            merged,
            merged.Rights.ToFrozenDictionary(right => right.Key, right => compilation.Compile(right.Key, right.Value), StringComparer.Ordinal),
            merged.AnyApi is { } any ? compilation.Compile("", any) : null,
            Addresses(key.AllowedIps));
    }

    private static AddressList? Addresses(ImmutableArray<string> written) =>
        written.IsEmpty ? null : AddressList.Parse(written, out _);

    private sealed class Compilation(MergedKey merged, GrantOptions options)
    {
        private readonly Subject _subject = LimitPattern.Evaluate(merged.Metadata) is { Length: > 0 } shared
            ? Subject.ForPattern(merged.Key.OrganizationId, shared)
            : new Subject(SubjectKind.Key, merged.Key.Id);

        public ApiGrant Compile(string apiId, MergedRight right)
        {
            var urls = UrlRules.Compile(
                [.. right.Access.AllowedUrls.Select(url => new UrlEntry(url.Url, url.Methods))], options.UrlMatching, out _);
            EndpointEntry<Charge?>[] entries =
                [.. right.Endpoints.Select(one => new EndpointEntry<Charge?>(one.Path, one.Method, Endpoint(apiId, right, one)))];
            return new ApiGrant(right, urls, EndpointTable.Compile(entries, options.UrlMatching, out _))
            {
                Rate = Rate(right),
                Quota = Quota(right),
                EndpointRates = [.. entries.Select(entry => entry.Value).OfType<Charge>()],
                Addresses = Addresses(right.AllowedIps),
            };
        }

        private Charge? Rate(MergedRight right) =>
            right.Limits.Rate is { } rate && LimitCompiler.Rate(rate.Value) is { } limit
                ? new Charge(new CounterKey(_subject, "rate/" + rate.Scope), limit, Reason.RateLimited, rate.Scope, rate.Origin)
                {
                    OnStoreFailure = right.Behavior.OnStoreFailureRate,
                    Mode = right.Behavior.Mode,
                    IsShadow = right.Behavior.Enforcement == Enforcement.Shadow,
                }
                : null;

        private Charge? Quota(MergedRight right) =>
            right.Limits.Quota is { } quota && LimitCompiler.Quota(quota.Value) is { } limit
                ? new Charge(new CounterKey(_subject, "quota/" + quota.Scope), limit, Reason.QuotaExceeded, quota.Scope, quota.Origin)
                {
                    OnStoreFailure = right.Behavior.OnStoreFailureQuota,
                    Mode = right.Behavior.Mode,
                    IsShadow = right.Behavior.Enforcement == Enforcement.Shadow,
                }
                : null;

        private Charge? Endpoint(string apiId, MergedRight right, MergedEndpoint endpoint)
        {
            string scope = $"endpoint:{apiId}:{endpoint.Method}:{endpoint.Path}";
            return LimitCompiler.Rate(endpoint.Rate) is { } limit
                ? new Charge(new CounterKey(_subject, "rate/" + scope), limit, Reason.RateLimited, scope, endpoint.Origin)
                {
                    OnStoreFailure = right.Behavior.OnStoreFailureRate,
                    Mode = right.Behavior.Mode,
                    IsShadow = right.Behavior.Enforcement == Enforcement.Shadow,
                }
                : null;
        }
    }
}
