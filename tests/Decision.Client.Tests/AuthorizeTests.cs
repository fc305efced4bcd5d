using Decision.Contracts.V1;
using Google.Protobuf.WellKnownTypes;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Client.Tests;

/// <summary>What is sent, and what becomes of the answer.</summary>
public class AuthorizeTests
{
    [Fact]
    public async Task AuthorizeAsync_sends_every_field()
    {
        await using var service = await FakeService.StartAsync();
        using var client = service.Client();

        await client.AuthorizeAsync(new AuthorizationRequest
        {
            ApiKey = "secret", ApiId = "orders", ApiVersion = "v1", Method = "POST", Path = "/orders/%2f", Host = "api.example.com", Cost = 5,
            ClientIp = "192.0.2.1", RequestId = "r-1", Headers = [new RequestHeader("Date", "today")], QueryDepth = 0, OrganizationId = "acme",
            Peek = true, IdempotencyKey = "once",
        });

        Assert.Equal(
            new AuthorizeRequest
            {
                ApiKey = "secret", ApiId = "orders", ApiVersion = "v1", Method = "POST", Path = "/orders/%2f", Host = "api.example.com", Cost = 5,
                ClientIp = "192.0.2.1", RequestId = "r-1", Headers = { new Header { Name = "Date", Value = "today" } }, QueryDepth = 0,
                OrganizationId = "acme", Peek = true, IdempotencyKey = "once",
            },
            Assert.Single(service.Asked));
    }

    [Fact]
    public async Task AuthorizeAsync_without_a_query_depth_states_none()
    {
        await using var service = await FakeService.StartAsync();
        using var client = service.Client();

        await client.AuthorizeAsync(TestClients.Request);

        Assert.False(Assert.Single(service.Asked).HasQueryDepth);
    }

    [Fact]
    public async Task AuthorizeAsync_gives_everything_that_the_service_says()
    {
        var answer = new AuthorizeResponse
        {
            Allowed = false, Reason = WireReason.QuotaExceeded, HttpStatus = 403, Message = "Quota exceeded", Origin = "gold", KeyId = "k1",
            OrganizationId = "acme", Alias = "Zoë", Tags = { "a", "b" }, Policies = { new Contracts.V1.PolicyReference { Id = "gold", Revision = 7 } },
            Limits =
            {
                new Contracts.V1.LimitStatus
                {
                    Name = "quota", Scope = "policy:gold", Limit = 100, Remaining = 0, Denied = true, Origin = "gold",
                    Period = Duration.FromTimeSpan(TimeSpan.FromHours(1)), ResetAfter = Duration.FromTimeSpan(TimeSpan.FromMinutes(5)),
                },
            },
            RetryAfter = new Duration { Seconds = 300, Nanos = 1 },
            Metadata = new Struct { Fields = { ["plan"] = Value.ForString("gold"), ["seats"] = Value.ForNumber(3) } },
            DecisionId = "d9", MaxQueryDepth = 4, Degraded = true, MissingPolicies = { "lost" }, ShadowedReason = WireReason.RateLimited,
        };
        await using var service = await FakeService.StartAsync(_ => answer);
        using var client = service.Client();

        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.False(verdict.IsAllowed);
        Assert.Equal(Reason.QuotaExceeded, verdict.Reason);
        Assert.Equal((403, "Quota exceeded", "gold"), (verdict.HttpStatus, verdict.Message, verdict.Origin));
        Assert.Equal(("k1", "acme", "Zoë", "d9"), (verdict.KeyId, verdict.OrganizationId, verdict.Alias, verdict.DecisionId));
        Assert.Equal(["a", "b"], verdict.Tags);
        Assert.Equal(new PolicyReference("gold", 7), Assert.Single(verdict.Policies));
        Assert.Equal(
            new LimitStatus
            {
                Name = "quota", Scope = "policy:gold", Limit = 100, Remaining = 0, IsDenied = true, Origin = "gold", Period = TimeSpan.FromHours(1),
                ResetAfter = TimeSpan.FromMinutes(5),
            },
            Assert.Single(verdict.Limits));
        Assert.Equal(TimeSpan.FromSeconds(300) + TimeSpan.FromTicks(1), verdict.RetryAfter);
        Assert.Equal("gold", verdict.Metadata!.Value.GetProperty("plan").GetString());
        Assert.Equal(3, verdict.Metadata!.Value.GetProperty("seats").GetInt32());
        Assert.Equal((4, true, Reason.RateLimited), (verdict.MaxQueryDepth, verdict.IsDegraded, verdict.ShadowedReason));
        Assert.Equal(["lost"], verdict.MissingPolicies);
        Assert.Equal((false, false), (verdict.IsRemembered, verdict.IsFromFailureMode));
    }

    [Fact]
    public async Task AuthorizeAsync_allows_what_is_allowed()
    {
        await using var service = await FakeService.StartAsync();
        using var client = service.Client();

        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((true, Reason.Allowed, 200), (verdict.IsAllowed, verdict.Reason, verdict.HttpStatus));
        Assert.Equal((null, null, null), (verdict.RetryAfter, verdict.ShadowedReason, verdict.Failure));
        Assert.Null(verdict.Metadata);
    }

    // Allowed is only what says so twice, whatever the failure mode is.
    [Theory]
    [InlineData(true, 0, 200, 0)]
    [InlineData(true, 99, 200, 99)]
    [InlineData(true, 18, 200, 18)]
    [InlineData(false, 1, 200, 0)]
    [InlineData(false, 0, 0, 0)]
    [InlineData(false, 99, 999, 99)]
    public async Task AuthorizeAsync_an_answer_that_is_not_clearly_allowed_is_a_denial(bool allowed, int reason, int status, int expected)
    {
        await using var service = await FakeService.StartAsync(
            _ => new AuthorizeResponse { Allowed = allowed, Reason = (WireReason)reason, HttpStatus = status });
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);

        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((false, (Reason)expected, 403, false), (verdict.IsAllowed, verdict.Reason, verdict.HttpStatus, verdict.IsFromFailureMode));
    }

    [Fact]
    public async Task AuthorizeAsync_shows_its_token()
    {
        await using var service = await FakeService.StartAsync();
        using var client = service.Client(options => options.Token = "a-token");

        await client.AuthorizeAsync(TestClients.Request);

        var headers = Assert.Single(service.Headers);
        Assert.Equal("Bearer a-token", headers.GetValue("authorization"));
    }

    [Fact]
    public async Task AuthorizeAsync_tells_the_service_its_deadline()
    {
        var deadline = new TaskCompletionSource<DateTime>();
        await using var service = await FakeService.StartAsync();
        service.Answer = (_, context) =>
        {
            deadline.SetResult(context.Deadline);
            return Task.FromResult(FakeService.Allowed());
        };
        using var client = service.Client(options => options.Deadline = TimeSpan.FromSeconds(40));

        await client.AuthorizeAsync(TestClients.Request);

        Assert.InRange(await deadline.Task, TimeProvider.System.GetUtcNow().UtcDateTime, TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(41));
    }

    [Fact]
    public async Task AuthorizeAsync_that_is_cancelled_throws_and_is_not_answered_by_the_failure_mode()
    {
        using var cancel = new CancellationTokenSource();
        await using var service = await FakeService.StartAsync();
        service.Answer = async (_, context) =>
        {
            await cancel.CancelAsync();
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return FakeService.Allowed();
        };
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => client.AuthorizeAsync(TestClients.Request, cancel.Token));
    }

    [Fact]
    public async Task AuthorizeAsync_after_disposal_throws()
    {
        var client = TestClients.To(TestClients.DeadAddress());
        client.Dispose();
        client.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => client.AuthorizeAsync(TestClients.Request));
    }

    [Fact]
    public async Task AuthorizeBatchAsync_answers_each_at_its_place()
    {
        await using var service = await FakeService.StartAsync(request => request.Path == "/2"
            ? new AuthorizeResponse { Reason = WireReason.PathNotGranted, HttpStatus = 403 }
            : FakeService.Allowed());
        using var client = service.Client();

        var verdicts = await client.AuthorizeBatchAsync([.. Enumerable.Range(1, 3).Select(n => TestClients.Request with { Path = $"/{n}" })]);

        Assert.Equal([Reason.Allowed, Reason.PathNotGranted, Reason.Allowed], verdicts.Select(verdict => verdict.Reason));
    }

    [Fact]
    public void ToString_of_a_request_shows_no_key()
    {
        var request = TestClients.Request with { Path = "/orders/1?api_key=secret", Headers = [new RequestHeader("Authorization", "secret")] };

        Assert.Equal("GET /orders/1 of orders", request.ToString());
        Assert.Equal("Authorization", request.Headers[0].ToString());
    }

    [Fact]
    public void Reasons_are_those_of_the_protocol()
    {
        var wire = System.Enum.GetValues<WireReason>().ToDictionary(reason => (int)reason, reason => reason.ToString());
        var own = System.Enum.GetValues<Reason>().Where(reason => reason != Reason.ServiceUnavailable)
            .ToDictionary(reason => (int)reason, reason => reason.ToString());

        Assert.Equal(wire, own);
    }

    [Theory]
    [InlineData(Reason.RateLimited, "RATE_LIMITED")]
    [InlineData(Reason.OrganizationQuotaExceeded, "ORGANIZATION_QUOTA_EXCEEDED")]
    [InlineData(Reason.ServiceUnavailable, "SERVICE_UNAVAILABLE")]
    [InlineData((Reason)99, "99")]
    public void ToName_is_the_protocol_s_name(Reason reason, string name) => Assert.Equal(name, reason.ToName());
}
