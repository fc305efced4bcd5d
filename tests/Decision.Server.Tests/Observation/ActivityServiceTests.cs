using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Decision.Server.Tests.Administrators;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Decision.Server.Tests.Observation;

public sealed class ActivityServiceTests
{
    [Fact]
    public async Task FollowRefusals_tells_each_refusal_that_fits_by_the_id_of_its_answer()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        using var call = server.Activity().FollowRefusals(
            new FollowRefusalsRequest { OrganizationId = "acme", PolicyId = "small", Reasons = { Reason.RateLimited, Reason.QuotaExceeded } }, RunningServer.Admin);
        await call.ResponseHeadersAsync;

        await server.Client.AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));
        await server.Client.AuthorizeAsync(Samples.Ask(key, request => request.Cost = 2));
        var refused = await server.Client.AuthorizeAsync(Samples.Ask(key, request => request.ClientIp = "192.0.2.7"));

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var told = call.ResponseStream.Current.Decision;
        Assert.Equal(Reason.RateLimited, refused.Reason);
        Assert.Equal((refused.DecisionId, Reason.RateLimited, "small", refused.KeyId), (told.DecisionId, told.Reason, told.Origin, told.KeyId));
        Assert.Equal(("acme", "tester", "orders", "/orders/1", "192.0.2.7"), (told.OrganizationId, told.Alias, told.ApiId, told.Path, told.ClientIp));
        Assert.Equal(["small"], told.Policies);
        Assert.Equal(refused.RetryAfter, told.RetryAfter);
        Assert.Equal(0, call.ResponseStream.Current.Missed);
    }

    [Fact]
    public async Task Credential_for_one_organisation_hears_of_its_refusals_alone()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        var acme = Administrator.With(await server.TokenAsync(AdminRole.Viewer, "acme"));
        using var call = server.Activity().FollowRefusals(new FollowRefusalsRequest(), acme);
        await call.ResponseHeadersAsync;

        await server.Client.AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));
        await server.Client.AuthorizeAsync(Samples.Ask(key, request => request.Cost = 2));
        var refused = await server.Client.AuthorizeAsync(Samples.Ask(key));

        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(refused.DecisionId, call.ResponseStream.Current.Decision.DecisionId);
        var list = await server.Activity().ListRefusedAsync(new ListRefusedRequest(), acme);
        Assert.Equal([refused.KeyId], list.Refused.Select(one => one.Name));
        Assert.Equal(1, list.Total);
        Assert.Equal(2, (await server.Activity().ListRefusedAsync(new ListRefusedRequest(), RunningServer.Admin)).Total);
    }

    [Theory]
    [InlineData(null, StatusCode.InvalidArgument, "name one of acme, other")]
    [InlineData("third", StatusCode.PermissionDenied, "is only for \"acme\", \"other\"")]
    public async Task Credential_for_organisations_has_to_name_one_of_its_own(string? organization, StatusCode expected, string told)
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        var scoped = Administrator.With(await server.TokenAsync(AdminRole.Viewer, "acme", "other"));
        var request = new ListRefusedRequest();
        if (organization is not null)
        {
            request.OrganizationId = organization;
        }

        var status = await Failures.OfAsync(() => server.Activity().ListRefusedAsync(request, scoped).ResponseAsync, expected);

        Assert.Contains(told, status.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(UsageSubject.Policy, "small", true)]
    [InlineData(UsageSubject.Policy, "foreign", false)]
    [InlineData(UsageSubject.Key, "*", false)]
    public async Task Credential_for_one_organisation_sees_the_use_of_what_is_its_own(UsageSubject subject, string id, bool isSeen)
    {
        await using var server = await RunningServer.StartAsync(
            ["Usage:Days=2"], new Dictionary<string, string>(Samples.Policies) { ["foreign"] = """{ "org_id": "other", "rate": 1, "per": 1, "access_rights": { "orders": { "api_id": "orders" } } }""" });
        var scoped = Administrator.With(await server.TokenAsync(AdminRole.Viewer, "acme"));

        var call = server.Activity().GetUsageHistoryAsync(new GetUsageHistoryRequest { Subject = subject, Id = id }, scoped).ResponseAsync;

        if (isSeen)
        {
            Assert.NotEmpty((await call).Hours);
        }
        else
        {
            await Failures.OfAsync(() => call, StatusCode.PermissionDenied);
        }
    }

    [Fact]
    public async Task FollowRefusals_ends_when_the_server_stops()
    {
        await using var server = await RunningServer.StartAsync();
        using var call = server.Activity().FollowRefusals(new FollowRefusalsRequest(), RunningServer.Admin);
        await call.ResponseHeadersAsync;
        var next = call.ResponseStream.MoveNext(CancellationToken.None);

        var stopping = server.StopAsync();

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<RpcException>(() => next)).StatusCode);
        call.Dispose();
        await stopping;
    }

    [Fact]
    public async Task ListRefused_tells_the_most_refused_first()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        for (int time = 0; time < 5; time++)
        {
            await server.Client.AuthorizeAsync(Samples.Ask(key));
        }

        await server.Client.AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));
        await server.Client.AuthorizeAsync(Samples.Ask(key, request => request.Peek = true));

        var keys = await server.Activity().ListRefusedAsync(new ListRefusedRequest(), RunningServer.Admin);
        var policies = await server.Activity().ListRefusedAsync(new ListRefusedRequest { By = RefusedBy.Policy, OrganizationId = "acme", Limit = 1 }, RunningServer.Admin);

        Assert.Equal((4, server.Time.GetUtcNow()), (keys.Total, keys.Since.ToDateTimeOffset()));
        Assert.Equal([3L, 1L], keys.Refused.Select(one => one.Count));
        Assert.Equal(("acme", Reason.RateLimited, 0L), (keys.Refused[0].OrganizationId, keys.Refused[0].LastReason, keys.Refused[0].Error));
        Assert.Equal(["small"], policies.Refused.Select(one => one.Name));
    }

    [Fact]
    public async Task GetUsageHistory_tells_what_was_flushed_by_key_policy_and_API()
    {
        await using var server = await RunningServer.StartAsync(["Usage:Days=7", "Usage:FlushInterval=1s"], policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        AuthorizeResponse answer = new();
        for (int time = 0; time < 5; time++)
        {
            answer = await server.Client.AuthorizeAsync(Samples.Ask(key));
        }

        server.Time.Advance(TimeSpan.FromSeconds(1));
        await Redis.Eventually.IsAsync(
            async () => await server.Activity().GetUsageHistoryAsync(new GetUsageHistoryRequest { Subject = UsageSubject.Api, Id = "orders" }, RunningServer.Admin),
            history => history.Hours[^1].Refused > 0);

        foreach (var (subject, id) in ((UsageSubject, string)[])[(UsageSubject.Key, answer.KeyId), (UsageSubject.Policy, "small"), (UsageSubject.Api, "orders")])
        {
            var history = await server.Activity().GetUsageHistoryAsync(new GetUsageHistoryRequest { Subject = subject, Id = id }, RunningServer.Admin);
            Assert.Equal(25, history.Hours.Count);
            Assert.Equal((2, 3), (history.Hours[^1].Allowed, history.Hours[^1].Refused));
            Assert.Equal(server.Time.GetUtcNow().ToUnixTimeSeconds() / 3600 * 3600, history.Hours[^1].Start.Seconds);
            Assert.Equal(0, history.Hours.SkipLast(1).Sum(hour => hour.Allowed + hour.Refused));
        }
    }

    [Fact]
    public async Task What_is_wrong_or_off_is_said()
    {
        await using var server = await RunningServer.StartAsync(["Observe:Refusals=false"]);
        var activity = server.Activity();

        await RefusesAsync(StatusCode.FailedPrecondition, "Observe:Refusals", () => activity.ListRefusedAsync(new ListRefusedRequest(), RunningServer.Admin).ResponseAsync);
        await RefusesAsync(StatusCode.FailedPrecondition, "Usage:Days", () => activity.GetUsageHistoryAsync(
            new GetUsageHistoryRequest { Subject = UsageSubject.Key, Id = "k" }, RunningServer.Admin).ResponseAsync);
        await RefusesAsync(StatusCode.InvalidArgument, "subject", () => activity.GetUsageHistoryAsync(new GetUsageHistoryRequest { Id = "k" }, RunningServer.Admin).ResponseAsync);
        await RefusesAsync(StatusCode.InvalidArgument, "id", () => activity.GetUsageHistoryAsync(
            new GetUsageHistoryRequest { Subject = UsageSubject.Key }, RunningServer.Admin).ResponseAsync);
        await RefusesAsync(StatusCode.Unauthenticated, "credential", () => activity.ListRefusedAsync(new ListRefusedRequest()).ResponseAsync);
        await using var other = await RunningServer.StartAsync(["Usage:Days=7"]);
        await RefusesAsync(StatusCode.InvalidArgument, "limit", () => other.Activity().ListRefusedAsync(new ListRefusedRequest { Limit = 501 }, RunningServer.Admin).ResponseAsync);
        await RefusesAsync(StatusCode.InvalidArgument, "start", () => other.Activity().GetUsageHistoryAsync(
            new GetUsageHistoryRequest { Subject = UsageSubject.Key, Id = "k", Start = Timestamp.FromDateTimeOffset(other.Time.GetUtcNow().AddDays(-9)) }, RunningServer.Admin).ResponseAsync);
        using var call = other.Activity().FollowRefusals(new FollowRefusalsRequest { Reasons = { Reason.Allowed } }, RunningServer.Admin);
        await RefusesAsync(StatusCode.InvalidArgument, "reasons", () => call.ResponseStream.MoveNext(CancellationToken.None));
    }

    [Fact]
    public async Task FollowRefusals_where_they_are_not_observed_is_refused_at_once_however_it_is_called()
    {
        await using var server = await RunningServer.StartAsync(["Observe:Refusals=false"]);
        using var call = server.Activity().FollowRefusals(new FollowRefusalsRequest(), RunningServer.Admin, Soon);
        var bytes = Marshallers.Create(static bytes => bytes, static bytes => bytes);
        var method = new Method<byte[], byte[]>(MethodType.Unary, "decision.admin.v1.ActivityService", "FollowRefusals", bytes, bytes);

        await RefusesAsync(StatusCode.FailedPrecondition, "Observe:Refusals", () => call.ResponseStream.MoveNext(CancellationToken.None));
        using var unary = server.Channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(RunningServer.Admin, Soon), []);
        await RefusesAsync(StatusCode.FailedPrecondition, "Observe:Refusals", () => unary.ResponseAsync);
    }

    private static DateTime Soon => TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(10);

    private static async Task RefusesAsync<T>(StatusCode code, string word, Func<Task<T>> call)
    {
        var refused = await Assert.ThrowsAsync<RpcException>(call);
        Assert.Equal(code, refused.StatusCode);
        string violations = string.Join(' ', refused.GetRpcStatus()?.GetDetail<BadRequest>()?.FieldViolations.Select(violation => violation.Field) ?? []);
        Assert.Contains(word, $"{refused.Status.Detail} {violations}", StringComparison.Ordinal);
    }
}
