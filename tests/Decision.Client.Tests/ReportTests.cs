using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Client.Tests;

/// <summary>What operators see of the client: log and metrics.</summary>
public class ReportTests
{
    [Fact]
    public async Task The_log_tells_of_a_failing_address_once_and_of_its_return_and_no_secret()
    {
        await using var service = await FakeService.StartAsync();
        var log = new Lines();
        using var client = new DecisionClient(
            new DecisionClientOptions { Address = service.Address, Deadline = TestClients.Patience, Token = "token-of-the-client" }, new FakeTimeProvider(), log);
        service.Answer = (_, _) => throw new RpcException(new Status(StatusCode.Internal, "as the test says"));
        for (int n = 0; n < 5; n++)
        {
            await client.AuthorizeAsync(TestClients.Request);
        }

        service.Answer = (_, _) => Task.FromResult(FakeService.Allowed());
        await client.AuthorizeAsync(TestClients.Request);
        await client.AuthorizeAsync(TestClients.Request);

        Assert.Equal(
            [
                $"Warning The Decision service at {service.Address} gives no verdict: Internal: as the test says",
                $"Information The Decision service at {service.Address} answers again.",
            ],
            log.Where(line => !line.StartsWith("Debug", StringComparison.Ordinal)));
        Assert.DoesNotContain(log, line =>
            line.Contains("token-of", StringComparison.Ordinal) || line.Contains(TestClients.Request.ApiKey, StringComparison.Ordinal));
    }

    // Every other call fails: two lines for each would hide everything else.
    [Fact]
    public async Task The_log_tells_of_an_address_that_comes_and_goes_every_ten_seconds_at_most()
    {
        await using var service = await FakeService.StartAsync();
        var (log, time) = (new Lines(), new FakeTimeProvider());
        using var client = new DecisionClient(new DecisionClientOptions { Address = service.Address, Deadline = TestClients.Patience }, time, log);
        int calls = 0;
        service.Answer = (_, _) => calls++ % 2 == 0
            ? throw new RpcException(new Status(StatusCode.Internal, "as the test says")) : Task.FromResult(FakeService.Allowed());

        for (int n = 0; n < 20; n++)
        {
            await client.AuthorizeAsync(TestClients.Request);
        }

        Assert.Single(log, line => line.StartsWith("Warning", StringComparison.Ordinal));
        time.Advance(TimeSpan.FromSeconds(10));
        await client.AuthorizeAsync(TestClients.Request);
        Assert.Equal(2, log.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_log_warns_of_an_open_failure_mode_and_of_keys_in_clear()
    {
        var log = new Lines();

        using var client = new DecisionClient(
            new DecisionClientOptions { Address = "http://192.0.2.1:50051,http://127.0.0.1:1,unix:/a.sock,https://192.0.2.2", FailureMode = FailureMode.Open }, null, log);

        Assert.Equal(2, log.Count);
        Assert.Contains(log, line => line.Contains("FailureMode is Open", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("http://192.0.2.1:50051 without TLS", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_meter_counts_every_answer_by_its_source()
    {
        var counted = new ConcurrentQueue<string>();
        var flow = new AsyncLocal<bool> { Value = true };
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument is { Name: "decision.client.verdicts", Meter.Name: "Decision.Client" })
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, tags, _) =>
        {
            // Other tests run at the same time.
            if (flow.Value)
            {
                counted.Enqueue(string.Join(' ', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}").Prepend($"{value}")));
            }
        });
        listener.Start();
        await using var service = await FakeService.StartAsync();
        using var client = service.Client(time: new FakeTimeProvider());

        await client.AuthorizeAsync(TestClients.Request);
        service.Answer = (_, _) => Task.FromResult(new Contracts.V1.AuthorizeResponse { Reason = WireReason.RateLimited });
        await client.AuthorizeAsync(TestClients.Request);
        await client.AuthorizeAsync(TestClients.Request);
        await service.StopAsync();
        await client.AuthorizeBatchAsync([TestClients.Request]);

        Assert.Equal(
            [
                "1 source=service allowed=True", "1 source=service allowed=False", "1 source=memory allowed=False",
                "1 source=failure_mode allowed=False",
            ],
            counted);
    }

    private sealed class Lines : ConcurrentQueue<string>, ILogger<DecisionClient>
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue($"{logLevel} {formatter(state, exception)}{exception}");
    }
}
