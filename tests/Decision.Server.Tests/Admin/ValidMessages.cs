using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;
using Api = Decision.Contracts.Admin.V1.Api;

namespace Decision.Server.Tests.Admin;

/// <summary>Messages with every field that may be sent, made from a number.</summary>
internal sealed class ValidMessages(int seed)
{
    private readonly Random _random = new(seed);

    public Policy Policy()
    {
        var policy = new Policy
        {
            Id = Text(),
            ObjectId = Text(),
            Name = Text(),
            OrgId = Text(),
            Rate = Number(),
            Per = Number(),
            RateAlgorithm = Word("", "sliding_log", "token_bucket", "fixed_window", "sliding_window"),
            Burst = Integer(),
            QuotaMax = Integer(),
            QuotaRenewalRate = Integer(),
            QuotaPeriod = Word("", "hour", "day", "week", "month"),
            QuotaTimeZone = Word("", "Europe/Berlin"),
            ThrottleInterval = Number(),
            ThrottleRetryLimit = (int)Integer(),
            MaxQueryDepth = (int)Integer(),
            HmacEnabled = Flag(),
            EnableHttpSignatureValidation = Flag(),
            IsInactive = Flag(),
            KeyExpiresIn = Integer(),
            PostExpiryAction = Word("", "retain", "delete"),
            PostExpiryGracePeriod = Integer(),
            Partitions = Flag() ? new PolicyPartitions { Quota = true, Acl = Flag(), RateLimit = Flag(), Complexity = Flag(), PerApi = Flag() } : null,
            LastUpdated = Text(),
            MetaData = Free(2),
            GraphqlAccessRights = Free(1),
            Smoothing = Smoothing(),
            OnStoreFailure = Word("", "deny", "allow", "local"),
            OnStoreFailureRate = Word("", "deny", "allow", "local"),
            OnStoreFailureQuota = Word("", "deny", "allow", "local"),
            LimitsMode = Word("", "exact", "leased"),
            Enforcement = Word("", "enforce", "shadow"),
            ExtraFields = Free(1),
        };
        if (Flag())
        {
            policy.Active = Flag();
        }

        AddRights(policy.AccessRights);
        policy.Tags.AddRange(Texts());
        policy.AllowedIps.AddRange(Texts());
        return policy;
    }

    public Key Key()
    {
        var key = new Key
        {
            OrgId = Text(),
            Alias = Text(),
            Expires = Integer(),
            IsInactive = Flag(),
            MetaData = Free(2),
            Rate = Number(),
            Per = Number(),
            RateAlgorithm = Word("", "sliding_log", "token_bucket", "fixed_window", "sliding_window"),
            Burst = Integer(),
            QuotaMax = Integer(),
            QuotaRenewalRate = Integer(),
            QuotaPeriod = Word("", "hour", "day", "week", "month"),
            QuotaTimeZone = Word("", "Europe/Berlin"),
            ThrottleInterval = Number(),
            ThrottleRetryLimit = (int)Integer(),
            MaxQueryDepth = (int)Integer(),
            Smoothing = Smoothing(),
            HmacEnabled = Flag(),
            EnableHttpSignatureValidation = Flag(),
            RsaCertificateId = Text(),
            Certificate = Text(),
            OauthClientId = Text(),
            Monitor = Flag() ? new UsageMonitor { TriggerLimits = { 12.5, Number() } } : null,
            SessionLifetime = Integer(),
            PostExpiryAction = Word("", "retain", "delete"),
            PostExpiryGracePeriod = Integer(),
            OnStoreFailure = Word("", "deny", "allow", "local"),
            OnStoreFailureRate = Word("", "deny", "allow", "local"),
            OnStoreFailureQuota = Word("", "deny", "allow", "local"),
            LimitsMode = Word("", "exact", "leased"),
            Enforcement = Word("", "enforce", "shadow"),
            ExtraFields = Free(1),
        };
        key.ApplyPolicies.AddRange(Texts());
        AddRights(key.AccessRights);
        key.Tags.AddRange(Texts());
        key.AllowedIps.AddRange(Texts());
        return key;
    }

    public Api Api()
    {
        var api = new Api
        {
            ApiId = Text(),
            Name = Text(),
            OrganizationId = Text(),
            ListenPath = Text(),
            DefaultVersion = Text(),
            Auth = Flag() ? new ApiAuthentication { Header = "h" + Text(), QueryParameter = Text(), Cookie = Text() } : null,
            Rate = Number(),
            Per = Number(),
            RateAlgorithm = Word("", "sliding_log", "token_bucket"),
            Burst = Integer(),
            ExtraFields = Free(1),
        };
        api.Hosts.AddRange(Texts());
        api.Versions.AddRange(Texts());
        foreach (string pattern in Texts())
        {
            var path = new PublicPath { Pattern = pattern };
            path.Methods.AddRange(Texts());
            api.Public.Add(path);
        }

        return api;
    }

    public Organization Organization() => new()
    {
        OrganizationId = Text(),
        Name = Text(),
        Rate = Number(),
        Per = Number(),
        RateAlgorithm = Word("", "fixed_window"),
        Burst = Integer(),
        QuotaMax = Integer(),
        QuotaRenewalRate = Integer(),
        QuotaPeriod = Word("", "day"),
        QuotaTimeZone = Word("", "Asia/Tokyo"),
        IsInactive = Flag(),
        KeyDefaultExpiry = Flag() ? new Duration { Seconds = _random.Next(3) * 100 } : null,
        MetaData = Free(2),
        ExtraFields = Free(1),
    };

    private void AddRights(Google.Protobuf.Collections.MapField<string, AccessRight> rights)
    {
        foreach (string api in Texts())
        {
            var right = new AccessRight
            {
                ApiName = Text(),
                ApiId = Text(),
                DisableIntrospection = Flag(),
                Limit = Flag() ? Block() : null,
                ExtraFields = Free(1),
            };
            right.Versions.AddRange(Texts());
            right.AllowedUrls.Add(new AllowedUrl { Url = "/" + Text(), Methods = { Texts() } });
            right.RestrictedTypes.Add(new GraphqlType { Name = "Query", Fields = { Texts() } });
            right.AllowedTypes.Add(new GraphqlType { Name = "Query", Fields = { "*" } });
            right.FieldAccessRights.Add(new FieldAccessRight
            {
                TypeName = "Query", FieldName = Text(), Limits = Flag() ? new FieldLimits { MaxQueryDepth = 1 + _random.Next(9) } : null,
            });
            right.Endpoints.Add(new EndpointLimits
            {
                Path = "/" + Text(),
                Methods =
                {
                    new EndpointMethod { Name = "GET", Limit = Flag() ? new EndpointLimit { Rate = 5, Per = 2, Burst = Integer() } : null },
                },
            });
            rights[api] = right;
        }
    }

    private LimitBlock Block() => new()
    {
        Rate = 5,
        Per = Number(),
        RateAlgorithm = Word("", "token_bucket"),
        Burst = Integer(),
        QuotaMax = Integer(),
        QuotaRenewalRate = Integer(),
        QuotaPeriod = Word("", "week"),
        QuotaTimeZone = Word("", "Asia/Tokyo"),
        ThrottleInterval = Number(),
        ThrottleRetryLimit = (int)Integer(),
        MaxQueryDepth = (int)Integer(),
        Smoothing = Smoothing(),
        ExtraFields = Free(1),
    };

    private Smoothing? Smoothing() => Flag()
        ? new Smoothing { Enabled = Flag(), Threshold = 5, Trigger = Number(), Step = Integer(), Delay = Integer() }
        : null;

    private Struct? Free(int depth)
    {
        if (Flag())
        {
            return null;
        }

        var value = new Struct();
        value.Fields["x_text"] = Value.ForString(Text());
        value.Fields["x_number"] = Value.ForNumber(Number());
        value.Fields["x_large"] = Value.ForNumber(1e300);
        value.Fields["x_none"] = Value.ForNull();
        value.Fields["x_list"] = Value.ForList(Value.ForBool(Flag()), Value.ForNumber(Integer()));
        if (depth > 0 && Free(depth - 1) is { } inner)
        {
            value.Fields["x_inner"] = Value.ForStruct(inner);
        }

        return value;
    }

    private bool Flag() => _random.Next(2) == 0;

    private double Number() => _random.Next(4) switch { 0 => 0, 1 => -1, 2 => _random.NextDouble() * 100, _ => _random.Next(1000) };

    private long Integer() => _random.Next(3) switch { 0 => 0, 1 => -1, _ => _random.Next(100_000) };

    private string Text() => _random.Next(3) == 0 ? "" : $"t{_random.Next(50)}\u00e9";

    private string[] Texts() => [.. Enumerable.Range(0, _random.Next(3)).Select(index => $"i{index}{Text()}")];

    private string Word(params string[] words) => words[_random.Next(words.Length)];
}
