using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Server.Tests.Grpc;

public class ExplainTests
{
    private static readonly string[] Steps =
    [
        "key", "signature", "policies", "active", "expiry", "api", "version", "path", "depth", "address", "organization_limits", "api_limit",
        "rate", "quota",
    ];

    [Fact]
    public async Task Explain_allowed_request_tells_origins_and_spends_nothing()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        await server.Client.AuthorizeAsync(Samples.Ask(key));

        var explained = await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(key) }, RunningServer.Admin);
        var again = await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(key) }, RunningServer.Admin);

        Assert.True(explained.Response.Allowed);
        Assert.Equal(Steps, explained.Steps.Select(step => step.Name));
        Assert.All(explained.Steps, step => Assert.NotEmpty(step.Finding));
        Assert.All(explained.Steps.Where(step => step.Name is "organization_limits" or "api_limit"), step => Assert.Equal("No such limit applies.", step.Finding));
        Assert.DoesNotContain(explained.Steps, step => step.Outcome == ExplainOutcome.Denied);
        Assert.Equal(
            [("rate", "policy:small", "small", "rate", 2L, 1L, 1L), ("quota", "policy:small", "small", "quota_max", 3L, 1L, 2L)],
            explained.Limits.Select(limit => (limit.Name, limit.Scope, limit.Origin, limit.Field, limit.Limit, limit.Used, limit.Remaining)));
        Assert.Equal([("rate", 1L), ("quota", 1L)], explained.WouldSpend.Select(spend => (spend.Name, spend.Units)));
        Assert.Equal(explained.Limits, again.Limits);
        var policy = Assert.Single(explained.Policies);
        Assert.Equal(("small", 1L, "store", true), (policy.Id, policy.Revision, policy.Source, policy.Applied));
        Assert.Equal(["acl", "rate_limit", "quota", "complexity"], policy.Covers);
        Assert.Equal("Applied; it gives access to orders, the quota on orders, the rate on orders.", policy.Finding);
    }

    [Fact]
    public async Task Explain_refused_request_skips_what_comes_after()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small", "lost");

        var explained = await server.Client.ExplainAsync(
            new ExplainRequest { Request = Samples.Ask(key, ask => ask.ApiId = "billing") }, RunningServer.Admin);

        Assert.Equal(Reason.ApiNotGranted, explained.Response.Reason);
        Assert.Equal(["lost"], explained.Response.MissingPolicies);
        var denied = Assert.Single(explained.Steps, step => step.Outcome == ExplainOutcome.Denied);
        Assert.Equal(("api", Reason.ApiNotGranted), (denied.Name, denied.Reason));
        Assert.All(explained.Steps.SkipWhile(step => step.Name != "api").Skip(1), step => Assert.Equal(ExplainOutcome.Skipped, step.Outcome));
        Assert.All(explained.Steps.TakeLast(4), step => Assert.Equal("Not looked at: an earlier step failed.", step.Finding));
        Assert.Empty(explained.WouldSpend);
        Assert.Equal([("small", true), ("lost", false)], explained.Policies.Select(policy => (policy.Id, policy.Applied)));
    }

    [Fact]
    public async Task A_quota_of_the_calendar_is_told_by_its_word_wherever_it_is_told()
    {
        await using var server = await RunningServer.StartAsync(policies: new Dictionary<string, string>
        {
            ["monthly"] = """{"org_id":"acme","rate":5,"per":60,"quota_max":9,"quota_period":"month","access_rights":{"orders":{"api_id":"orders"}}}""",
        });
        string key = await server.CreateKeyAsync("monthly");

        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key));
        var explained = await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(key) }, RunningServer.Admin);
        var usage = await new KeyService.KeyServiceClient(server.Channel).GetUsageAsync(new GetUsageRequest { KeyId = verdict.KeyId }, RunningServer.Admin);

        Assert.Equal([("rate", ""), ("quota", "month")], verdict.Limits.Select(limit => (limit.Name, limit.QuotaPeriod)));
        Assert.Equal([("rate", ""), ("quota", "month")], explained.Limits.Select(limit => (limit.Name, limit.QuotaPeriod)));
        Assert.Equal([("rate", ""), ("quota", "month")], usage.Usages.Select(limit => (limit.Name, limit.QuotaPeriod)));
    }

    [Fact]
    public async Task Explain_used_up_limit_is_the_denied_step()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Cost = 2));

        var explained = await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(key) }, RunningServer.Admin);

        Assert.Equal(Reason.RateLimited, explained.Response.Reason);
        Assert.Equal("rate", Assert.Single(explained.Steps, step => step.Outcome == ExplainOutcome.Denied).Name);
        Assert.Equal([true, false], explained.Limits.Select(limit => limit.WouldDeny));
    }

    [Fact]
    public async Task Explain_request_of_no_api_is_denied_at_the_api()
    {
        await using var server = await RunningServer.StartAsync();

        var explained = await server.Client.ExplainAsync(
            new ExplainRequest { Request = new AuthorizeRequest { Host = "h", Path = "/x", Method = "GET" } }, RunningServer.Admin);

        Assert.Equal(Reason.ApiUnknown, explained.Response.Reason);
        Assert.Equal(Steps, explained.Steps.Select(step => step.Name));
        Assert.Equal("api", Assert.Single(explained.Steps, step => step.Outcome == ExplainOutcome.Denied).Name);
    }

    [Fact]
    public async Task Explain_a_key_by_its_id_as_though_it_had_been_presented()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        var byText = await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(key) }, RunningServer.Admin);
        string id = byText.Response.KeyId;
        var byId = await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(""), KeyId = id }, RunningServer.Admin);
        var unknown = await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(""), KeyId = "AAAAAAAAAAAAAAAA" }, RunningServer.Admin);

        Assert.True(byId.Response.Allowed);
        byId.Response.DecisionId = byText.Response.DecisionId;
        Assert.Equal(byText, byId);
        Assert.Equal(Reason.KeyUnknown, unknown.Response.Reason);
    }

    [Fact]
    public async Task Explain_a_key_by_text_and_id_or_a_text_for_an_id_is_malformed_and_not_repeated()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(
            ["key_id"],
            await Failures.FieldsOfAsync(
                () => server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask("a-key"), KeyId = "AAAAAAAAAAAAAAAA" }, RunningServer.Admin).ResponseAsync));
        var refused = await Failures.OfAsync(
            () => server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(""), KeyId = "dk_secret" }, RunningServer.Admin).ResponseAsync,
            StatusCode.InvalidArgument);
        Assert.Contains("request.api_key", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("dk_secret", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Explain_absent_request_is_malformed()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(
            ["request"], await Failures.FieldsOfAsync(() => server.Client.ExplainAsync(new ExplainRequest(), RunningServer.Admin).ResponseAsync));
    }
}
