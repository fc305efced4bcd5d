using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Decision.Contracts.V1;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Status = Grpc.Core.Status;

namespace Decision.Client.Tests;

/// <summary>What the client does where the service gives no verdict, and where the mistake is the caller's.</summary>
public class FailureTests
{
    [Fact]
    public async Task AuthorizeAsync_without_a_service_is_refused_by_default()
    {
        using var client = TestClients.To(TestClients.DeadAddress());

        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((false, Reason.ServiceUnavailable, 503), (verdict.IsAllowed, verdict.Reason, verdict.HttpStatus));
        Assert.Equal((TimeSpan.FromSeconds(1), ""), (verdict.RetryAfter, verdict.DecisionId));
        Assert.True(verdict.IsFromFailureMode);
        Assert.Equal((ServiceFailureKind.Unreachable, false), (verdict.Failure!.Kind, verdict.Failure.MayHaveSpent));
    }

    [Fact]
    public async Task AuthorizeAsync_without_a_service_passes_by_the_open_mode()
    {
        using var client = TestClients.To(TestClients.DeadAddress(), options => options.FailureMode = FailureMode.Open);

        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((true, Reason.ServiceUnavailable, 200), (verdict.IsAllowed, verdict.Reason, verdict.HttpStatus));
        Assert.True(verdict.IsFromFailureMode);
    }

    [Fact]
    public async Task AuthorizeAsync_of_a_service_that_hangs_ends_by_the_default_deadline()
    {
        await using var service = await FakeService.StartAsync();
        service.Answer = async (_, context) =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.CancellationToken);
            return FakeService.Allowed();
        };
        using var client = service.Client(options => options.Deadline = new DecisionClientOptions().Deadline);

        long started = Stopwatch.GetTimestamp();
        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((false, ServiceFailureKind.TimedOut, true), (verdict.IsAllowed, verdict.Failure!.Kind, verdict.Failure.MayHaveSpent));
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData(StatusCode.Unavailable, ServiceFailureKind.Unreachable)]
    [InlineData(StatusCode.DeadlineExceeded, ServiceFailureKind.TimedOut)]
    [InlineData(StatusCode.Internal, ServiceFailureKind.Error)]
    [InlineData(StatusCode.Unknown, ServiceFailureKind.Error)]
    [InlineData(StatusCode.Unimplemented, ServiceFailureKind.Error)]
    [InlineData(StatusCode.Cancelled, ServiceFailureKind.Error)]
    public async Task AuthorizeAsync_answered_with_an_error_is_a_failure(StatusCode status, ServiceFailureKind kind)
    {
        await using var service = await FakeService.StartAsync(_ => throw new RpcException(new Status(status, "as the test says")));
        using var client = service.Client();

        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((false, kind, true), (verdict.IsAllowed, verdict.Failure!.Kind, verdict.Failure.MayHaveSpent));
        Assert.Contains("as the test says", verdict.Failure.Detail, StringComparison.Ordinal);
        Assert.Single(service.Asked);
    }

    [Fact]
    public async Task AuthorizeAsync_of_something_that_is_no_service_is_a_failure()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = Task.Run(async () =>
        {
            using var connection = await listener.AcceptTcpClientAsync();
            await connection.GetStream().WriteAsync("SSH-2.0-other\r\n"u8.ToArray());
            _ = await connection.GetStream().ReadAsync(new byte[1]);
        });
        using var client = TestClients.To($"http://{listener.LocalEndpoint}");

        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((false, true), (verdict.IsAllowed, verdict.IsFromFailureMode));
        await serving;
    }

    [Fact]
    public async Task AuthorizeBatchAsync_without_a_service_is_answered_by_the_failure_mode()
    {
        using var client = TestClients.To(TestClients.DeadAddress());

        var verdicts = await client.AuthorizeBatchAsync([TestClients.Request, TestClients.Request]);

        Assert.Equal([(false, true), (false, true)], verdicts.Select(verdict => (verdict.IsAllowed, verdict.IsFromFailureMode)));
    }

    // The service spends, and is gone before it can say so. Asking again, here or elsewhere, would spend twice.
    [Theory]
    [InlineData("stream")]
    [InlineData("connection")]
    [InlineData("status")]
    public async Task AuthorizeAsync_of_a_service_that_dies_after_spending_is_not_asked_again(string what)
    {
        int spent = 0;
        Task<AuthorizeResponse> SpendAndDie(AuthorizeRequest request, ServerCallContext context)
        {
            Interlocked.Increment(ref spent);
            FakeService.Break(context, what);
            return Task.FromResult(FakeService.Allowed());
        }

        await using var first = await FakeService.StartAsync();
        await using var second = await FakeService.StartAsync();
        (first.Answer, second.Answer) = (SpendAndDie, SpendAndDie);
        using var client = TestClients.To($"{first.Address},{second.Address}");

        var verdict = await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal((false, true, true), (verdict.IsAllowed, verdict.IsFromFailureMode, verdict.Failure!.MayHaveSpent));
        Assert.Equal(1, spent);
        Assert.Equal(1, first.Asked.Count + second.Asked.Count);
    }

    [Fact]
    public async Task AuthorizeAsync_of_a_malformed_request_throws_with_the_fields_even_by_the_open_mode()
    {
        await using var service = await FakeService.StartAsync(_ => throw new Google.Rpc.Status
        {
            Code = (int)Code.InvalidArgument,
            Message = "two problems",
            Details =
            {
                Any.Pack(new BadRequest
                {
                    FieldViolations =
                    {
                        new BadRequest.Types.FieldViolation { Field = "api_id", Description = "is 'a b'" },
                        new BadRequest.Types.FieldViolation { Field = "method", Description = "is too long" },
                    },
                }),
            },
        }.ToRpcException());
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);

        var exception = await Assert.ThrowsAsync<DecisionRequestException>(() => client.AuthorizeAsync(TestClients.Request));

        Assert.Equal([new FieldViolation("api_id", "is 'a b'"), new FieldViolation("method", "is too long")], exception.Violations);
        Assert.Equal("api_id: is 'a b'; method: is too long", exception.Message);
    }

    [Fact]
    public async Task AuthorizeAsync_that_is_called_malformed_without_saying_where_throws()
    {
        await using var service = await FakeService.StartAsync(_ => throw new RpcException(new Status(StatusCode.InvalidArgument, "no details")));
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);

        var exception = await Assert.ThrowsAsync<DecisionRequestException>(() => client.AuthorizeAsync(TestClients.Request));

        Assert.Empty(exception.Violations);
        Assert.Equal("no details", exception.Message);
    }

    [Theory]
    [InlineData(StatusCode.Unauthenticated)]
    [InlineData(StatusCode.PermissionDenied)]
    public async Task AuthorizeAsync_that_the_service_does_not_let_ask_throws_even_by_the_open_mode(StatusCode status)
    {
        await using var service = await FakeService.StartAsync(_ => throw new RpcException(new Status(status, "no such token")));
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);

        var exception = await Assert.ThrowsAsync<DecisionCredentialException>(() => client.AuthorizeAsync(TestClients.Request));

        Assert.Contains("no such token", exception.Message, StringComparison.Ordinal);
    }

    // Whoever made it so large must not pass by it.
    [Fact]
    public async Task AuthorizeAsync_of_a_request_too_large_to_be_read_throws_even_by_the_open_mode()
    {
        await using var service = await FakeService.StartAsync();
        using var client = service.Client(options => options.FailureMode = FailureMode.Open);

        await Assert.ThrowsAsync<DecisionRequestException>(
            () => client.AuthorizeAsync(TestClients.Request with { ApiKey = new string('k', 5 * 1024 * 1024) }));
    }

    public static TheoryData<AuthorizationRequest, string> Malformed { get; } = new()
    {
        { TestClients.Request with { Method = "" }, "method" },
        { TestClients.Request with { ApiId = "" }, "api_id" },
        { TestClients.Request with { Cost = -1 }, "cost" },
        { TestClients.Request with { QueryDepth = -1 }, "query_depth" },
        { TestClients.Request with { Path = "/\ud800" }, "path" },
        { TestClients.Request with { Headers = [new RequestHeader("Date", "\udc00")] }, "headers" },
    };

    [Theory]
    [MemberData(nameof(Malformed), DisableDiscoveryEnumeration = true)]
    public async Task AuthorizeAsync_of_a_plainly_malformed_request_throws_also_without_a_service(AuthorizationRequest request, string field)
    {
        using var client = TestClients.To(TestClients.DeadAddress(), options => options.FailureMode = FailureMode.Open);

        var exception = await Assert.ThrowsAsync<DecisionRequestException>(() => client.AuthorizeAsync(request));

        Assert.Equal(field, Assert.Single(exception.Violations).Field);
    }

    [Fact]
    public async Task AuthorizeAsync_of_a_whole_surrogate_pair_is_text()
    {
        await using var service = await FakeService.StartAsync();
        using var client = service.Client();

        Assert.True((await client.AuthorizeAsync(TestClients.Request with { ApiKey = "a-\U0001F511-b" })).IsAllowed);
        Assert.Equal("a-\U0001F511-b", Assert.Single(service.Asked).ApiKey);
    }

    [Fact]
    public async Task AuthorizeBatchAsync_names_the_positions_of_malformed_requests()
    {
        using var client = TestClients.To(TestClients.DeadAddress());

        var exception = await Assert.ThrowsAsync<DecisionRequestException>(
            () => client.AuthorizeBatchAsync([TestClients.Request, TestClients.Request with { Cost = -2 }, TestClients.Request with { Method = "" }]));

        Assert.Equal(["requests[1].cost", "requests[2].method"], exception.Violations.Select(violation => violation.Field));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task AuthorizeBatchAsync_takes_1_to_1000_requests(int count)
    {
        using var client = TestClients.To(TestClients.DeadAddress());

        var exception = await Assert.ThrowsAsync<DecisionRequestException>(
            () => client.AuthorizeBatchAsync([.. Enumerable.Repeat(TestClients.Request, count)]));

        Assert.Equal("requests", Assert.Single(exception.Violations).Field);
    }
}
