using System.Collections.Immutable;
using Decision.Engine.Apis;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Steps;

/// <summary>One request that passes every step and spends on every counter, unless faults are asked for.</summary>
internal sealed class Scene
{
    /// <summary>2026-01-01T00:00:00Z.</summary>
    public const long NowUs = 1_767_225_600_000_000;

    private const long Cost = 2;

    public Scene(params ReadOnlySpan<Fault> faults)
    {
        var set = faults.ToArray().ToHashSet();
        bool Has(Fault fault) => set.Contains(fault);

        var options = EngineOptions.Default;
        var policy = new Policy
        {
            Id = "p",
            OrganizationId = "acme",
            Partitions = new Partitions(Quota: true, RateLimit: true, Acl: true, Complexity: true, PerApi: false),
            IsInactive = Has(Fault.Inactive),
            AccessRights = ImmutableSortedDictionary<string, AccessRight>.Empty.Add(
                Has(Fault.Api) ? "other" : "a",
                new AccessRight
                {
                    Versions = ["v1"],
                    AllowedUrls = [new AllowedUrl(Has(Fault.Path) ? "/elsewhere" : "/orders/{id}", ["GET"])],
                    Endpoints = [new EndpointRight("/never", [new EndpointMethod("GET", new RateSettings(1, 1))])],
                }),
            Limits = new LimitSettings
            {
                Rate = new RateSettings(Max(Has(Fault.KeyRate)), 60),
                Quota = new QuotaSettings(Max(Has(Fault.KeyQuota)), 3600),
                MaxQueryDepth = Has(Fault.Depth) ? 1 : 9,
            },
        };
        var key = new Key
        {
            Id = "k",
            OrganizationId = "acme",
            ApplyPolicies = Has(Fault.Policies) ? ["p", "gone"] : ["p"],
            Expires = Has(Fault.Expired) ? 1 : 0,
            HmacEnabled = Has(Fault.Signature),
            AllowedIps = [Has(Fault.Address) ? "192.0.2.1" : "10.0.0.0/8"],
        };
        var api = new Api
        {
            Id = "a",
            OrganizationId = Has(Fault.Organization) ? "other" : "acme",
            ListenPath = "/a/",
            Versions = ["v1", "v2"],
            DefaultVersion = "v1",
            Public = [new AllowedUrl("/health", ["GET"])],
            Rate = new RateSettings(Max(Has(Fault.ApiRate)), 60),
        };
        var organization = new Organization
        {
            Id = "acme",
            Rate = new RateSettings(Max(Has(Fault.OrganizationRate)), 60),
            Quota = new QuotaSettings(Max(Has(Fault.OrganizationQuota)), 3600),
        };
        Rules = new RuleSet(
            new PolicySet([new PolicyEntry(policy, 1, "store")]),
            new ApiRegistry([new ApiEntry(api, 1, "store", options.Grants)], []),
            new OrganizationSet([new OrganizationEntry(organization, 1, options.Grants)]),
            options);
        Presence = Has(Fault.Key) ? KeyPresence.Unknown : KeyPresence.Found;
        Grant = Has(Fault.Key) ? null : GrantCompiler.Compile(key, Rules.Policies, options.Grants);
        Request = new AccessRequest("", "GET", Has(Fault.Mapping) ? "/nowhere" : "/a/orders/17")
        {
            ApiVersion = Has(Fault.Version) ? "v2" : "v1",
            ClientIp = "10.1.2.3",
            QueryDepth = 2,
            Cost = Cost,
        };
    }

    public RuleSet Rules { get; }

    public KeyPresence Presence { get; }

    public Grant? Grant { get; }

    public AccessRequest Request { get; }

    public Verdict Decide()
    {
        var request = Request;
        var admission = DecisionEngine.Admit(in request, Rules, Presence, Grant, NowUs);
        if (admission.IsFinal)
        {
            return admission.Verdict;
        }

        ChargeOutcomes outcomes = new CounterTable().Spend(admission.Charges, request.Units, NowUs);
        return DecisionEngine.Conclude(in admission, in outcomes);
    }

    // Less than the cost refuses at once.
    private static int Max(bool isFault) => isFault ? 1 : 1000;
}
