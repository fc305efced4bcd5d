using Decision.Contracts.V1;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.Grpc;

public class AuthorizeTests
{
    private static readonly Duration TenSeconds = Duration.FromTimeSpan(TimeSpan.FromSeconds(10));
    private static readonly Duration OneHour = Duration.FromTimeSpan(TimeSpan.FromHours(1));

    [Fact]
    public async Task Authorize_key_with_policy_tells_everything()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        var verdict = await server.Client.AuthorizeAsync(Samples.Ask("Bearer " + key));

        Assert.True(verdict.Allowed);
        Assert.Equal(Reason.Allowed, verdict.Reason);
        Assert.Equal(200, verdict.HttpStatus);
        Assert.Equal("", verdict.Message);
        Assert.Equal("", verdict.Origin);
        Assert.Equal(key.Substring(3, 16), verdict.KeyId);
        Assert.Equal("acme", verdict.OrganizationId);
        Assert.Equal("tester", verdict.Alias);
        Assert.Equal(["small"], verdict.Tags);
        Assert.Equal([new PolicyReference { Id = "small", Revision = 1 }], verdict.Policies);
        Assert.Equal("""{ "flags": [ true, null ], "inner": { "a": "b" }, "plan": "small", "seats": 3 }""", verdict.Metadata.ToString());
        Assert.Equal(
            [
                new LimitStatus
                {
                    Name = "rate", Scope = "policy:small", Origin = "small", Limit = 2, Remaining = 1, Period = TenSeconds, ResetAfter = TenSeconds,
                },
                new LimitStatus
                {
                    Name = "quota", Scope = "policy:small", Origin = "small", Limit = 3, Remaining = 2, Period = OneHour, ResetAfter = OneHour,
                },
            ],
            verdict.Limits);
        Assert.Null(verdict.RetryAfter);
        Assert.False(verdict.Degraded);
        Assert.Equal(26, verdict.DecisionId.Length);
    }

    [Fact]
    public async Task Authorize_until_refused_says_which_limit_and_when()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        await server.Client.AuthorizeAsync(Samples.Ask(key));
        server.Time.Advance(TimeSpan.FromSeconds(4));
        await server.Client.AuthorizeAsync(Samples.Ask(key));

        var limited = await server.Client.AuthorizeAsync(Samples.Ask(key));
        server.Time.Advance(TimeSpan.FromSeconds(6));
        var again = await server.Client.AuthorizeAsync(Samples.Ask(key));
        server.Time.Advance(TimeSpan.FromSeconds(60));
        var used = await server.Client.AuthorizeAsync(Samples.Ask(key));

        Assert.Equal((false, Reason.RateLimited, 429, "small"), (limited.Allowed, limited.Reason, limited.HttpStatus, limited.Origin));
        Assert.Equal("Rate Limit Exceeded", limited.Message);
        Assert.Equal(TimeSpan.FromSeconds(6), limited.RetryAfter.ToTimeSpan());
        Assert.Equal([true, false], limited.Limits.Select(limit => limit.Denied));
        Assert.Equal([0, 1], limited.Limits.Select(limit => limit.Remaining));
        Assert.True(again.Allowed);
        Assert.Equal((false, Reason.QuotaExceeded, 429), (used.Allowed, used.Reason, used.HttpStatus));
        Assert.Equal(TimeSpan.FromSeconds(3600 - 70), used.RetryAfter.ToTimeSpan());
    }

    [Fact]
    public async Task Authorize_quota_exceeded_has_the_status_of_the_setting()
    {
        await using var server = await RunningServer.StartAsync(["Limits:QuotaExceededStatus=403"], Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Cost = 4));
        var rate = await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Cost = 3));

        // Both refuse; the rate comes first.
        Assert.Equal((Reason.RateLimited, 429), (verdict.Reason, verdict.HttpStatus));
        Assert.Null(verdict.RetryAfter);
        Assert.Equal([true, true], verdict.Limits.Select(limit => limit.Denied));
        Assert.Equal([true, false], rate.Limits.Select(limit => limit.Denied));
        Assert.Equal(403, Engine.ReasonTable.HttpStatus(Engine.Reason.QuotaExceeded, 403));
    }

    [Fact]
    public async Task Authorize_unlimited_key_says_so()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("unlimited");

        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key));

        Assert.Equal(
            [
                new LimitStatus { Name = "rate", Scope = "policy:unlimited", Origin = "unlimited", Limit = -1, Remaining = -1 },
                new LimitStatus { Name = "quota", Scope = "policy:unlimited", Origin = "unlimited", Limit = -1, Remaining = -1 },
            ],
            verdict.Limits);
    }

    [Theory]
    [InlineData("", Reason.KeyMissing, 401)]
    [InlineData("nobody's custom key", Reason.KeyUnknown, 403)]
    public async Task Authorize_without_a_known_key_tells_nothing_else(string key, Reason reason, int status)
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);

        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key));

        Assert.Equal((false, reason, status, ""), (verdict.Allowed, verdict.Reason, verdict.HttpStatus, verdict.KeyId));
        Assert.Null(verdict.Metadata);
        Assert.Empty(verdict.Limits);
        Assert.NotEmpty(verdict.DecisionId);
    }

    [Fact]
    public async Task Authorize_key_of_100_KiB_is_unknown()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);

        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(new string('k', 100 * 1024)));

        Assert.Equal(Reason.KeyUnknown, verdict.Reason);
    }

    [Fact]
    public async Task Authorize_path_of_1_MiB_gets_a_verdict()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Path = "/" + new string('p', 1024 * 1024)));

        Assert.True(verdict.Allowed);
    }

    [Fact]
    public async Task Authorize_message_above_the_limit_is_refused()
    {
        await using var server = await RunningServer.StartAsync(["Server:MaxRequestBytes=65536"], Samples.Policies);

        await Failures.OfAsync(
            () => server.Client.AuthorizeAsync(Samples.Ask(new string('k', 70_000))).ResponseAsync, StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Authorize_host_and_path_of_no_api_is_api_unknown()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);

        var verdict = await server.Client.AuthorizeAsync(new AuthorizeRequest { Host = "api.example.com", Path = "/x", Method = "GET" });

        Assert.Equal((Reason.ApiUnknown, 404, "api"), (verdict.Reason, verdict.HttpStatus, verdict.Origin));
    }

    [Fact]
    public async Task Authorize_peek_spends_nothing()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        for (int time = 0; time < 5; time++)
        {
            var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Peek = true));
            Assert.True(verdict.Allowed);
            Assert.Equal([2, 3], verdict.Limits.Select(limit => limit.Remaining));
        }
    }

    [Fact]
    public async Task Authorize_idempotency_key_spends_once_and_is_bound_to_the_request()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        var request = Samples.Ask(key, ask => ask.IdempotencyKey = "try-1");

        var first = await server.Client.AuthorizeAsync(request);
        var second = await server.Client.AuthorizeAsync(request);
        string[] fields = await Failures.FieldsOfAsync(
            () => server.Client.AuthorizeAsync(Samples.Ask(key, ask => (ask.IdempotencyKey, ask.Path) = ("try-1", "/orders/2"))).ResponseAsync);

        Assert.Equal(first.Limits, second.Limits);
        Assert.NotEqual(first.DecisionId, second.DecisionId);
        Assert.Equal(["idempotency_key"], fields);
    }

    [Theory]
    [InlineData("deny", false, Reason.StoreUnavailable, 503)]
    [InlineData("allow", true, Reason.Allowed, 200)]
    public async Task Authorize_failing_counters_is_a_degraded_verdict(string onFailure, bool allowed, Reason reason, int status)
    {
        await using var server = await RunningServer.StartAsync(
            [$"Limits:OnStoreFailure={onFailure}"], Samples.Policies, replace: services => services.AddSingleton<ICounterStore, FailingCounters>());
        string key = await server.CreateKeyAsync("small");

        var verdict = await server.Client.AuthorizeAsync(Samples.Ask(key));

        Assert.Equal((allowed, reason, status, true), (verdict.Allowed, verdict.Reason, verdict.HttpStatus, verdict.Degraded));
        Assert.Empty(verdict.Limits);
    }

    [Fact]
    public async Task AuthorizeBatch_answers_in_order_and_one_refusal_keeps_no_other_back()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");

        var batch = await server.Client.AuthorizeBatchAsync(new AuthorizeBatchRequest
        {
            Requests = { Samples.Ask(key), Samples.Ask("nobody"), Samples.Ask(key), Samples.Ask(key) },
        });

        Assert.Equal(
            [Reason.Allowed, Reason.KeyUnknown, Reason.Allowed, Reason.RateLimited], batch.Responses.Select(response => response.Reason));
        Assert.Equal(4, batch.Responses.Select(response => response.DecisionId).Distinct().Count());
    }

    [Fact]
    public async Task AuthorizeBatch_of_1000_is_answered()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("unlimited");
        var batch = new AuthorizeBatchRequest();
        batch.Requests.AddRange(Enumerable.Repeat(Samples.Ask(key), 1000));

        var answers = await server.Client.AuthorizeBatchAsync(batch);

        Assert.Equal(1000, answers.Responses.Count(response => response.Allowed));
    }

    [Fact]
    public void Reason_numbers_are_those_of_the_wire()
    {
        Assert.Equal(
            System.Enum.GetValues<Engine.Reason>().Select(reason => (reason.ToString(), (int)reason)),
            System.Enum.GetValues<Reason>().Select(reason => (reason.ToString(), (int)reason)));
    }

    private sealed class FailingCounters : ICounterStore
    {
        public bool ComparesKeys => false;

        private static StoreException Failure => new("The counters do not answer.");

        public ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation) => throw Failure;

        public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) => throw Failure;

        public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) => throw Failure;

        public ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation) => throw Failure;

        public ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) => throw Failure;
    }
}
