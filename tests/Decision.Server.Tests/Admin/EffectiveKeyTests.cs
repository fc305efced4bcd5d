using Decision.Contracts.Admin.V1;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Tests.Admin;

public class EffectiveKeyTests
{
    private const long Now = 1_770_724_800;

    private static async Task<GetKeyResponse> EffectiveAsync(RunningServer server, string id) =>
        await server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = id, View = KeyView.Effective }, RunningServer.Admin);

    [Fact]
    public async Task GetKey_effective_shows_what_the_policies_make_of_it()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync(policy =>
        {
            policy.Tags.Add("from-policy");
            policy.IsInactive = false;
            policy.KeyExpiresIn = 500;
            policy.MetaData = new Struct { Fields = { ["plan"] = Value.ForString("gold") } };
            policy.AccessRights["orders"].Endpoints.Add(new EndpointLimits
            {
                Path = "/slow", Methods = { new EndpointMethod { Name = "get", Limit = new EndpointLimit { Rate = 1, Per = 5 } } },
            });
        });
        var created = await server.MakeKeyAsync(key =>
        {
            key.Tags.Add("own");
            key.QuotaMax = 3;
            key.MetaData = new Struct { Fields = { ["plan"] = Value.ForString("own"), ["seat"] = Value.ForNumber(4) } };
        });
        await server.AskAsync(created.ApiKey);

        var effective = await EffectiveAsync(server, created.KeyId);

        Assert.Empty(effective.Findings);
        var key = effective.Key;
        Assert.Equal((100, 10, 10, 3600), (key.Rate, key.Per, (int)key.QuotaMax, (int)key.QuotaRenewalRate));
        Assert.Equal((9, Now + 3600, Now + 500), (key.QuotaRemaining, key.QuotaRenews, key.Expires));
        Assert.Equal(["own", "from-policy"], key.Tags);
        Assert.Equal(("gold", 4), (key.MetaData.Fields["plan"].StringValue, key.MetaData.Fields["seat"].NumberValue));
        var right = Assert.Single(key.AccessRights).Value;
        Assert.Equal("gold", right.AllowanceScope);
        Assert.Equal((100, 10, 9, Now + 3600), (right.Limit.Rate, (int)right.Limit.QuotaMax, (int)right.Limit.QuotaRemaining, right.Limit.QuotaRenews));
        Assert.Equal(
            new EndpointLimits { Path = "/slow", Methods = { new EndpointMethod { Name = "GET", Limit = new EndpointLimit { Rate = 1, Per = 5 } } } },
            Assert.Single(right.Endpoints));
        Assert.Equal(created.Key.Etag, key.Etag);
        var stored = (await server.Keys().GetKeyAsync(new GetKeyRequest { KeyId = created.KeyId }, RunningServer.Admin)).Key;
        Assert.Equal((3, 0, 0), ((int)stored.QuotaMax, (int)stored.QuotaRemaining, stored.AccessRights.Count));
    }

    [Fact]
    public async Task GetKey_effective_scope_is_the_bare_id_of_where_the_quota_is_counted()
    {
        await using var server = await RunningServer.StartAsync();
        var own = await server.MakeKeyAsync(key =>
        {
            key.ApplyPolicies.Clear();
            key.QuotaMax = 7;
            key.QuotaRenewalRate = 60;
            key.AccessRights["orders"] = new AccessRight();
            key.AccessRights["billing"] = new AccessRight { Limit = new LimitBlock { QuotaMax = 5, QuotaRenewalRate = 60 } };
            key.AccessRights["free"] = new AccessRight { Limit = new LimitBlock { QuotaMax = -1 } };
        });
        await server.AskAsync(own.ApiKey);

        var key = (await EffectiveAsync(server, own.KeyId)).Key;

        Assert.Equal(
            [("billing", "billing", 5), ("free", "", -1), ("orders", "", 6)],
            key.AccessRights.OrderBy(right => right.Key, StringComparer.Ordinal)
                .Select(right => (right.Key, right.Value.AllowanceScope, (int)right.Value.Limit.QuotaRemaining)));
        Assert.Equal(6, key.QuotaRemaining);
    }

    [Fact]
    public async Task GetKey_effective_names_policies_that_are_skipped_and_those_that_refuse_the_key()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync();
        await server.CreatePolicyAsync(policy => policy.Id = "extra");
        var created = await server.MakeKeyAsync(key => { key.ApplyPolicies.Add("extra"); key.QuotaMax = 3; });
        async Task DeleteAsync(string id) =>
            await server.Policies().DeletePolicyAsync(new DeletePolicyRequest { Id = id, Force = true }, RunningServer.Admin);

        await DeleteAsync("extra");
        var skipped = await EffectiveAsync(server, created.KeyId);
        Assert.Equal(("extra", Severity.Warning), (Assert.Single(skipped.Findings).Subject, skipped.Findings[0].Severity));
        Assert.Equal(10, skipped.Key.QuotaMax);
        await DeleteAsync("gold");
        var refused = await EffectiveAsync(server, created.KeyId);
        Assert.Equal(
            [("gold", Severity.Error), ("extra", Severity.Warning)], refused.Findings.Select(finding => (finding.Subject, finding.Severity)));
        Assert.Equal((3, 0), (refused.Key.QuotaMax, refused.Key.QuotaRemaining));
    }

    [Fact]
    public async Task GetKey_effective_is_inactive_where_a_policy_says_so()
    {
        await using var server = await RunningServer.StartAsync();
        await server.CreatePolicyAsync(policy => policy.IsInactive = true);
        var created = await server.MakeKeyAsync();

        Assert.True((await EffectiveAsync(server, created.KeyId)).Key.IsInactive);
        Assert.False(created.Key.IsInactive);
    }
}
