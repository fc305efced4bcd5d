using System.Collections.Immutable;
using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Charges;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Runtime.Decisions;

namespace Decision.Runtime.Tests.Observation;

/// <summary>Verdicts as they come to those who look at decisions.</summary>
internal static class Observed
{
    public static Grant Grant(string keyId, string organization = "acme", ImmutableArray<double> triggers = default, params string[] policies)
    {
        var set = new PolicySet(policies.Select(id => new PolicyEntry(new Policy { Id = id, OrganizationId = organization, AccessRights = Support.Sample.On("orders") }, 1, "store")));
        var key = new Key
        {
            Id = keyId,
            OrganizationId = organization,
            ApplyPolicies = [.. policies],
            AccessRights = Support.Sample.On("orders"),
            MonitorTriggerLimits = triggers.IsDefault ? [] : triggers,
        };
        return GrantCompiler.Compile(key, set, GrantOptions.Default);
    }

    public static ApiEntry Api(string id) => new(new Api { Id = id }, 1, "store", GrantOptions.Default);

    public static Verdict Verdict(Reason reason, Grant? grant = null, ApiEntry? api = null, string origin = "") => new()
    {
        IsAllowed = reason == Reason.Allowed, Reason = reason, Grant = grant, Api = api, ApiGrant = grant?.Find("orders"), Origin = origin,
    };

    /// <summary>A verdict of a quota of 100, of which so much is used, and so many seconds are left.</summary>
    public static Verdict Used(Grant grant, long used, long secondsLeft = 3600, bool isRefused = false, SubjectKind subject = SubjectKind.Key)
    {
        var charges = default(ChargeList);
        charges.Add(new Charge(
            new CounterKey(new Subject(subject, grant.KeyId), "quota/key"), QuotaLimit.From(100, 3600), Reason.QuotaExceeded, "key", Origin.OfKey("quota_max")));
        var outcomes = default(ChargeOutcomes);
        outcomes[0] = new LimitTest(isRefused, used, 100 - used, secondsLeft < 0 ? -1 : secondsLeft * 1_000_000, 0);
        return Verdict(isRefused ? Reason.QuotaExceeded : Reason.Allowed, grant) with { Charges = charges, Outcomes = outcomes };
    }

    public static DecisionCall Call(string api = "orders", string key = "", string path = "/") =>
        new() { Request = new AccessRequest(api, "GET", path), ApiKey = key };
}
