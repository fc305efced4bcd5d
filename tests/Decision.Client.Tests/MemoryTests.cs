using Decision.Contracts.V1;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Time.Testing;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Client.Tests;

/// <summary>Denials that are remembered for a moment.</summary>
public class MemoryTests
{
    private readonly FakeTimeProvider _time = new();

    [Theory]
    [InlineData(WireReason.RateLimited)]
    [InlineData(WireReason.QuotaExceeded)]
    public async Task AuthorizeAsync_answers_a_flood_from_memory(WireReason reason)
    {
        await using var service = await FakeService.StartAsync(_ => Denied(reason, 10));
        using var client = service.Client(time: _time);
        var first = await client.AuthorizeAsync(TestClients.Request);

        _time.Advance(TimeSpan.FromMilliseconds(400));
        for (int n = 0; n < 100; n++)
        {
            var verdict = await client.AuthorizeAsync(TestClients.Request);
            Assert.Equal((false, true, (Reason)(int)reason), (verdict.IsAllowed, verdict.IsRemembered, verdict.Reason));
            Assert.Equal((TimeSpan.FromMilliseconds(9600), TimeSpan.FromMilliseconds(19_600)), (verdict.RetryAfter, verdict.Limits[0].ResetAfter));
            Assert.Equal(first.DecisionId, verdict.DecisionId);
        }

        Assert.Equal((false, TimeSpan.FromSeconds(10)), (first.IsRemembered, first.RetryAfter));
        Assert.Single(service.Asked);
    }

    // The counter may be reset at any moment: it is asked again after a second, however long the wait is.
    [Fact]
    public async Task AuthorizeAsync_sees_a_reset_after_a_second()
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.QuotaExceeded, 3600));
        using var client = service.Client(time: _time);
        await client.AuthorizeAsync(TestClients.Request);
        service.Answer = (_, _) => Task.FromResult(FakeService.Allowed());

        _time.Advance(TimeSpan.FromMilliseconds(999));
        Assert.True((await client.AuthorizeAsync(TestClients.Request)).IsRemembered);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True((await client.AuthorizeAsync(TestClients.Request)).IsAllowed);
    }

    [Fact]
    public async Task AuthorizeAsync_remembers_no_longer_than_retry_after()
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 0.25));
        using var client = service.Client(time: _time);
        await client.AuthorizeAsync(TestClients.Request);

        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.True((await client.AuthorizeAsync(TestClients.Request)).IsRemembered);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False((await client.AuthorizeAsync(TestClients.Request)).IsRemembered);
    }

    // The limit may be free again that long after the decision, and the decision was made before the answer came.
    [Fact]
    public async Task AuthorizeAsync_remembers_from_the_question_and_counts_down_from_the_answer()
    {
        await using var service = await FakeService.StartAsync();
        service.Answer = (_, _) =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(300));
            return Task.FromResult(Denied(WireReason.RateLimited, 0.5));
        };
        using var client = service.Client(time: _time);
        await client.AuthorizeAsync(TestClients.Request);

        _time.Advance(TimeSpan.FromMilliseconds(199));
        Assert.Equal(TimeSpan.FromMilliseconds(301), (await client.AuthorizeAsync(TestClients.Request)).RetryAfter);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.False((await client.AuthorizeAsync(TestClients.Request)).IsRemembered);
    }

    [Fact]
    public async Task AuthorizeAsync_where_waiting_does_not_help_remembers_for_a_second_and_says_no_time()
    {
        await using var service = await FakeService.StartAsync(_ =>
        {
            var denied = Denied(WireReason.QuotaExceeded, 1);
            denied.RetryAfter = null;
            denied.Limits[0].ResetAfter = null;
            return denied;
        });
        using var client = service.Client(time: _time);
        await client.AuthorizeAsync(TestClients.Request);

        _time.Advance(TimeSpan.FromMilliseconds(999));
        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((true, null, null), (verdict.IsRemembered, verdict.RetryAfter, verdict.Limits[0].ResetAfter));
    }

    public static TheoryData<string, AuthorizationRequest> Others { get; } = new()
    {
        { "key", TestClients.Request with { ApiKey = "another" } },
        { "API", TestClients.Request with { ApiId = "reports" } },
        { "host", TestClients.Request with { Host = "other.example.com" } },
        { "method", TestClients.Request with { Method = "POST" } },
        { "path", TestClients.Request with { Path = "/orders/2" } },
        { "cost", TestClients.Request with { Cost = 2 } },
        { "version", TestClients.Request with { ApiVersion = "v2" } },
        { "client address", TestClients.Request with { ClientIp = "192.0.2.2" } },
        { "query depth", TestClients.Request with { QueryDepth = 0 } },
        { "organisation", TestClients.Request with { OrganizationId = "acme" } },
        { "header", TestClients.Request with { Headers = [new RequestHeader("Date", "today")] } },
        { "moved characters", TestClients.Request with { ApiKey = TestClients.Request.ApiKey + "o", ApiId = "rders" } },
        { "peek", TestClients.Request with { Peek = true } },
        { "idempotency key", TestClients.Request with { IdempotencyKey = "once" } },
    };

    [Theory]
    [MemberData(nameof(Others), DisableDiscoveryEnumeration = true)]
    public async Task AuthorizeAsync_of_another_request_is_asked(string what, AuthorizationRequest other)
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 10));
        using var client = service.Client(time: _time);
        await client.AuthorizeAsync(TestClients.Request);

        Assert.False((await client.AuthorizeAsync(other)).IsRemembered, what);
        Assert.Equal(2, service.Asked.Count);
    }

    public static TheoryData<string, AuthorizationRequest> Same { get; } = new()
    {
        { "case of the method", TestClients.Request with { Method = "get" } },
        { "query", TestClients.Request with { Path = "/orders/1?page=2" } },
        { "cost of 1", TestClients.Request with { Cost = 1 } },
        { "name of the request", TestClients.Request with { RequestId = "another" } },
    };

    [Fact]
    public async Task AuthorizeAsync_of_a_signed_request_with_another_query_is_asked()
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 10));
        using var client = service.Client(time: _time);
        var signed = TestClients.Request with { Headers = [new RequestHeader("Date", "today")] };
        await client.AuthorizeAsync(signed with { Path = "/orders/1?page=1" });

        Assert.False((await client.AuthorizeAsync(signed with { Path = "/orders/1?page=2" })).IsRemembered);
        Assert.True((await client.AuthorizeAsync(signed with { Path = "/orders/1?page=1" })).IsRemembered);
    }

    [Theory]
    [MemberData(nameof(Same), DisableDiscoveryEnumeration = true)]
    public async Task AuthorizeAsync_of_what_cannot_change_the_verdict_is_remembered(string what, AuthorizationRequest same)
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 10));
        using var client = service.Client(time: _time);
        await client.AuthorizeAsync(TestClients.Request);

        Assert.True((await client.AuthorizeAsync(same)).IsRemembered, what);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task AuthorizeAsync_with_peek_or_idempotency_key_is_not_remembered(bool peek, bool isIdempotent)
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 10));
        using var client = service.Client(time: _time);
        var request = TestClients.Request with { Peek = peek, IdempotencyKey = isIdempotent ? "once" : "" };

        await client.AuthorizeAsync(request);
        Assert.False((await client.AuthorizeAsync(request)).IsRemembered);
        Assert.False((await client.AuthorizeAsync(TestClients.Request)).IsRemembered);
    }

    [Theory]
    [InlineData(WireReason.ApiRateLimited)]
    [InlineData(WireReason.OrganizationRateLimited)]
    [InlineData(WireReason.OrganizationQuotaExceeded)]
    [InlineData(WireReason.KeyUnknown)]
    [InlineData(WireReason.StoreUnavailable)]
    [InlineData((WireReason)99)]
    public async Task AuthorizeAsync_of_another_reason_is_not_remembered(WireReason reason)
    {
        await using var service = await FakeService.StartAsync(_ => Denied(reason, 10));
        using var client = service.Client(time: _time);

        await client.AuthorizeAsync(TestClients.Request);

        Assert.False((await client.AuthorizeAsync(TestClients.Request)).IsRemembered);
    }

    [Fact]
    public async Task AuthorizeAsync_in_shadow_mode_or_degraded_is_not_remembered()
    {
        await using var service = await FakeService.StartAsync(_ =>
        {
            var shadowed = FakeService.Allowed();
            shadowed.ShadowedReason = WireReason.RateLimited;
            shadowed.RetryAfter = new Duration { Seconds = 10 };
            return shadowed;
        });
        using var client = service.Client(time: _time);
        await client.AuthorizeAsync(TestClients.Request);
        var again = await client.AuthorizeAsync(TestClients.Request);
        Assert.Equal((true, false, Reason.RateLimited), (again.IsAllowed, again.IsRemembered, again.ShadowedReason));

        service.Answer = (_, _) =>
        {
            var degraded = Denied(WireReason.RateLimited, 10);
            degraded.Degraded = true;
            return Task.FromResult(degraded);
        };
        await client.AuthorizeAsync(TestClients.Request);
        Assert.False((await client.AuthorizeAsync(TestClients.Request)).IsRemembered);
    }

    [Fact]
    public async Task AuthorizeAsync_without_a_memory_asks_each_time()
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 10));
        using var client = service.Client(options => options.DenialMemoryCapacity = 0, _time);

        await client.AuthorizeAsync(TestClients.Request);
        await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal(2, service.Asked.Count);
    }

    [Fact]
    public async Task AuthorizeAsync_remembers_no_more_than_it_may_and_the_newest()
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 10));
        using var client = service.Client(options => options.DenialMemoryCapacity = 3, _time);

        for (int n = 0; n < 10; n++)
        {
            await client.AuthorizeAsync(TestClients.Request with { Path = $"/{n}" });
        }

        Assert.Equal(3, client.RememberedDenials);
        Assert.True((await client.AuthorizeAsync(TestClients.Request with { Path = "/9" })).IsRemembered);
        Assert.False((await client.AuthorizeAsync(TestClients.Request with { Path = "/0" })).IsRemembered);
    }

    [Fact]
    public async Task AuthorizeAsync_forgets_what_is_over()
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 10));
        using var client = service.Client(time: _time);
        for (int n = 0; n < 10; n++)
        {
            await client.AuthorizeAsync(TestClients.Request with { Path = $"/{n}" });
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal(1, client.RememberedDenials);
    }

    [Fact]
    public async Task AuthorizeAsync_from_many_threads_asks_little_and_answers_all()
    {
        await using var service = await FakeService.StartAsync(_ => Denied(WireReason.RateLimited, 10));
        using var client = service.Client(time: _time);

        await Parallel.ForAsync(0, 2000, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (n, cancellation) =>
            Assert.Equal(Reason.RateLimited, (await client.AuthorizeAsync(TestClients.Request with { Path = $"/{n % 4}" }, cancellation)).Reason));

        // Four requests, each asked by all threads at once at most, before the first answer is there.
        Assert.InRange(service.Asked.Count, 4, 4 * 16);
        Assert.Equal(4, client.RememberedDenials);
    }

    private static AuthorizeResponse Denied(WireReason reason, double retryAfter) => new()
    {
        Reason = reason,
        HttpStatus = 429,
        DecisionId = Guid.NewGuid().ToString(),
        RetryAfter = Duration.FromTimeSpan(TimeSpan.FromSeconds(retryAfter)),
        Limits =
        {
            new Contracts.V1.LimitStatus
            {
                Name = "rate", Scope = "key", Limit = 1, Denied = true, ResetAfter = Duration.FromTimeSpan(TimeSpan.FromSeconds(2 * retryAfter)),
            },
        },
    };
}
