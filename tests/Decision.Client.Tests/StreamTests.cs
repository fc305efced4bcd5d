using System.Globalization;
using Decision.Client.Tests.Sidecar;
using Decision.Contracts.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Status = Grpc.Core.Status;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Client.Tests;

/// <summary>Decisions on a call that stays open.</summary>
public class StreamTests(SharedServer shared)
{
    [Fact]
    public async Task AuthorizeAsync_of_many_at_once_gives_each_its_own_answer_over_one_call()
    {
        var all = new TaskCompletionSource();
        await using var service = await FakeService.StartAsync();
        service.Answer = async (request, _) =>
        {
            if (service.Asked.Count == 20)
            {
                all.SetResult();
            }

            // The answers come in another order than the questions.
            await all.Task;
            return new AuthorizeResponse(FakeService.Allowed()) { Alias = request.Path };
        };
        using var client = service.Client();
        using var stream = client.OpenStream();

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => stream.AuthorizeAsync(TestClients.Request with { Path = $"/orders/{n}" })));

        Assert.Equal(Enumerable.Range(0, 20).Select(n => (true, $"/orders/{n}")), verdicts.Select(verdict => (verdict.IsAllowed, verdict.Alias)));
        Assert.Equal(1, service.Streams);
    }

    [Fact]
    public async Task AuthorizeAsync_tells_the_callers_request_id_and_the_token()
    {
        await using var service = await FakeService.StartAsync();
        using var client = service.Client(options => options.Token = "a-token");
        using var stream = client.OpenStream();

        await stream.AuthorizeAsync(TestClients.Request with { RequestId = "of-the-caller" });

        Assert.EndsWith(":of-the-caller", Assert.Single(service.Asked).RequestId, StringComparison.Ordinal);
        Assert.Equal("Bearer a-token", Assert.Single(service.Headers).GetValue("authorization"));
    }

    [Fact]
    public async Task AuthorizeAsync_remembers_a_denial_as_elsewhere()
    {
        await using var service = await FakeService.StartAsync(
            _ => new AuthorizeResponse { Reason = WireReason.RateLimited, HttpStatus = 429, RetryAfter = new Duration { Seconds = 10 } });
        using var client = service.Client(time: new FakeTimeProvider());
        using var stream = client.OpenStream();

        var verdicts = (Verdict[])[await stream.AuthorizeAsync(TestClients.Request), await stream.AuthorizeAsync(TestClients.Request)];

        Assert.Equal([(Reason.RateLimited, false), (Reason.RateLimited, true)], verdicts.Select(verdict => (verdict.Reason, verdict.IsRemembered)));
        Assert.Single(service.Asked);
    }

    // The service spends, and is gone before it can say so.
    [Theory]
    [InlineData("stream")]
    [InlineData("connection")]
    [InlineData("status")]
    public async Task AuthorizeAsync_of_a_call_that_breaks_is_answered_by_the_failure_mode_and_opened_anew(string what)
    {
        await using var service = await FakeService.StartAsync();
        service.Answer = (_, context) =>
        {
            if (service.Asked.Count > 1)
            {
                return Task.FromResult(FakeService.Allowed());
            }

            FakeService.Break(context, what);
            return Task.FromResult(FakeService.Allowed());
        };
        using var client = service.Client();
        using var stream = client.OpenStream();

        var broken = await stream.AuthorizeAsync(TestClients.Request);
        var next = await stream.AuthorizeAsync(TestClients.Request);

        Assert.Equal((false, true, true), (broken.IsAllowed, broken.IsFromFailureMode, broken.Failure!.MayHaveSpent));
        Assert.Equal((true, null, 2, 2), (next.IsAllowed, next.Failure, service.Streams, service.Asked.Count));
    }

    [Fact]
    public async Task AuthorizeAsync_passes_over_addresses_that_take_no_connection()
    {
        await using var alive = await FakeService.StartAsync();
        using var client = TestClients.To($"{TestClients.DeadAddress()},{alive.Address},{TestClients.DeadAddress()}");
        using var stream = client.OpenStream();

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => stream.AuthorizeAsync(TestClients.Request with { Path = $"/orders/{n}" })));

        Assert.All(verdicts, verdict => Assert.Equal((true, null), (verdict.IsAllowed, verdict.Failure)));
        Assert.Equal(20, alive.Asked.Count);
    }

    [Fact]
    public async Task AuthorizeAsync_without_a_service_is_answered_by_the_failure_mode_and_asks_again_when_it_is_back()
    {
        var service = await FakeService.StartAsync();
        int port = new Uri(service.Address).Port;
        using var client = service.Client();
        using var stream = client.OpenStream();
        await stream.AuthorizeAsync(TestClients.Request);
        await service.DisposeAsync();

        var gone = (await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => stream.AuthorizeAsync(TestClients.Request))))[^1];
        await using var back = await FakeService.StartAsync(port: port);

        Assert.Equal((false, ServiceFailureKind.Unreachable), (gone.IsAllowed, gone.Failure!.Kind));
        Assert.Null((await stream.AuthorizeAsync(TestClients.Request)).Failure);
    }

    [Fact]
    public async Task AuthorizeAsync_whose_answer_does_not_come_in_time_is_a_failure_and_others_go_on()
    {
        await using var service = await FakeService.StartAsync();
        service.Answer = async (request, context) =>
        {
            if (request.Path == "/slow")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }

            return FakeService.Allowed();
        };
        using var client = service.Client(options => (options.Deadline, options.FailureMode) = (TimeSpan.FromSeconds(2), FailureMode.Open));
        await client.ConnectAsync();
        using var stream = client.OpenStream();

        var slow = await stream.AuthorizeAsync(TestClients.Request with { Path = "/slow" });
        var next = await stream.AuthorizeAsync(TestClients.Request);

        Assert.Equal((true, ServiceFailureKind.TimedOut, true), (slow.IsAllowed, slow.Failure?.Kind, slow.Failure?.MayHaveSpent));
        Assert.Equal((true, false, 1), (next.IsAllowed, next.IsFromFailureMode, service.Streams));
    }

    [Fact]
    public async Task AuthorizeAsync_that_is_cancelled_throws_and_others_get_their_answers()
    {
        using var cancel = new CancellationTokenSource();
        await using var service = await FakeService.StartAsync();
        service.Answer = async (request, context) =>
        {
            if (request.Path == "/given-up")
            {
                await cancel.CancelAsync();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }

            return FakeService.Allowed();
        };
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);
        using var stream = client.OpenStream();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => stream.AuthorizeAsync(TestClients.Request with { Path = "/given-up" }, cancel.Token));

        Assert.Null((await stream.AuthorizeAsync(TestClients.Request)).Failure);
        Assert.Equal(1, service.Streams);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, typeof(DecisionRequestException))]
    [InlineData(StatusCode.Unauthenticated, typeof(DecisionCredentialException))]
    [InlineData(StatusCode.PermissionDenied, typeof(DecisionCredentialException))]
    public async Task AuthorizeAsync_of_what_the_service_does_not_take_throws_even_by_the_open_mode(StatusCode status, System.Type expected)
    {
        await using var service = await FakeService.StartAsync();
        service.Answer = (request, _) =>
            request.Path == "/wrong" ? throw new RpcException(new Status(status, "as the test says")) : Task.FromResult(FakeService.Allowed());
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);
        using var stream = client.OpenStream();

        var exception = await Assert.ThrowsAsync(expected, () => stream.AuthorizeAsync(TestClients.Request with { Path = "/wrong" }));

        Assert.Contains("as the test says", exception.Message, StringComparison.Ordinal);
        Assert.True((await stream.AuthorizeAsync(TestClients.Request)).IsAllowed);
    }

    [Fact]
    public async Task AuthorizeAsync_of_a_plainly_malformed_request_ends_nothing()
    {
        await using var service = await FakeService.StartAsync();
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);
        using var stream = client.OpenStream();
        await stream.AuthorizeAsync(TestClients.Request);

        var exception = await Assert.ThrowsAsync<DecisionRequestException>(() => stream.AuthorizeAsync(TestClients.Request with { Method = "" }));

        Assert.Equal("method", Assert.Single(exception.Violations).Field);
        await stream.AuthorizeAsync(TestClients.Request);
        Assert.Equal(1, service.Streams);
    }

    [Fact]
    public async Task AuthorizeAsync_opens_a_new_call_after_ten_minutes_and_loses_no_answer_of_the_old_one()
    {
        var time = new FakeTimeProvider();
        var (asked, mayAnswer) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var service = await FakeService.StartAsync();
        service.Answer = async (request, _) =>
        {
            if (request.Path == "/old")
            {
                asked.SetResult();
                await mayAnswer.Task;
            }

            return FakeService.Allowed();
        };
        using var client = service.Client(time: time);
        using var stream = client.OpenStream();
        var old = stream.AuthorizeAsync(TestClients.Request with { Path = "/old" });
        await asked.Task;

        time.Advance(TimeSpan.FromMinutes(10));
        await stream.AuthorizeAsync(TestClients.Request);
        mayAnswer.SetResult();

        Assert.Null((await old).Failure);
        Assert.Equal(2, service.Streams);
    }

    [Fact]
    public async Task Dispose_of_the_stream_or_the_client_answers_those_that_wait_by_the_failure_mode_and_later_ones_throw()
    {
        var asked = new TaskCompletionSource();
        await using var service = await FakeService.StartAsync();
        service.Answer = async (request, context) =>
        {
            if (request.Path == "/waits")
            {
                asked.SetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            }

            return FakeService.Allowed();
        };
        using var client = service.Client();
        var stream = client.OpenStream();
        using var other = client.OpenStream();
        var waiting = stream.AuthorizeAsync(TestClients.Request with { Path = "/waits" });
        await asked.Task;

        stream.Dispose();
        stream.Dispose();

        Assert.Equal((false, true), ((await waiting).IsAllowed, (await waiting).Failure!.MayHaveSpent));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => stream.AuthorizeAsync(TestClients.Request));
        Assert.True((await other.AuthorizeAsync(TestClients.Request)).IsAllowed);
        client.Dispose();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => other.AuthorizeAsync(TestClients.Request));
    }

    [Fact]
    public async Task AuthorizeAsync_of_a_real_server_counts_exactly_what_is_asked()
    {
        var (key, id) = await shared.Server.CreateKeyAsync("quota");
        using var client = TestClients.To(shared.Server.Address);
        using var stream = client.OpenStream();

        var verdicts = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => stream.AuthorizeAsync(
            TestClients.Request with { ApiKey = key, Path = "/orders/" + n.ToString(CultureInfo.InvariantCulture) })));

        Assert.Equal(6, verdicts.Count(verdict => verdict.IsAllowed));
        Assert.All(verdicts, verdict => Assert.Equal((id, null), (verdict.KeyId, verdict.Failure)));
        Assert.All(verdicts.Where(verdict => !verdict.IsAllowed), verdict => Assert.Equal(Reason.QuotaExceeded, verdict.Reason));
    }
}
