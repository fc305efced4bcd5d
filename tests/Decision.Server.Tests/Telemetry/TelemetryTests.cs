using System.Collections.Concurrent;
using System.Diagnostics;
using Decision.Contracts.V1;
using Decision.Runtime.Tracing;
using Decision.Server.Tests.Health;
using Grpc.Core;

namespace Decision.Server.Tests.Telemetry;

/// <summary>Spans of decisions, and what a receiver of OTLP gets. Sources and meters are heard by all servers of a process.</summary>
[Collection(nameof(MetricsTests))]
public sealed class TelemetryTests : IDisposable
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";
    private const string Span = "b7ad6b7169203331";

    // OpenTelemetry's own setting: it collects spans for 5 s otherwise.
    private const string SoonSent = "OTEL_BSP_SCHEDULE_DELAY=100";

    private readonly ConcurrentQueue<Activity> _spans = new();
    private readonly ActivityListener _listener;

    public TelemetryTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == DecisionTracing.SourceName,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("http")]
    [InlineData("grpc")]
    public async Task A_decision_is_a_span_under_the_callers_and_reaches_the_receiver(string protocol)
    {
        await using var receiver = await Receiver.StartAsync(isHttp2: protocol == "grpc");
        await using var server = await StartAsync(receiver, $"Telemetry:Protocol={protocol}", "Telemetry:Headers=x-token=abc");
        string key = await server.CreateKeyAsync("small");

        var answer = await server.Client.AuthorizeAsync(Samples.Ask(key), Caller(isRecorded: true));
        await server.StopAsync();

        var span = Assert.Single(_spans);
        Assert.Equal((Trace, Span, ActivityKind.Server), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString(), span.Kind));
        Assert.Equal(answer.DecisionId, span.GetTagItem("decision.id"));
        Assert.Equal(("ALLOWED", answer.KeyId, "orders"), (span.GetTagItem("decision.reason"), span.GetTagItem("decision.key_id"), span.GetTagItem("decision.api_id")));
        var posted = await receiver.NextAsync(protocol == "http" ? "/v1/traces" : "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
        Assert.True(posted.Has(Convert.FromHexString(Trace)) && posted.Has(Convert.FromHexString(Span)));
        Assert.Contains(answer.DecisionId, posted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(key, posted.Text, StringComparison.Ordinal);
        Assert.Equal("abc", posted.Headers["x-token"]);
    }

    [Fact]
    public async Task Metrics_reach_the_receiver()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync(receiver, "Telemetry:Protocol=http", "Telemetry:MetricsInterval=1s");

        await server.Client.AuthorizeAsync(Samples.Ask("no-such-key-of-anybody"));

        var posted = await receiver.NextAsync("/v1/metrics");
        Assert.Contains("decision.decisions", posted.Text, StringComparison.Ordinal);
        Assert.Contains("KEY_UNKNOWN", posted.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("no-such-key", posted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_callers_word_on_recording_counts_and_of_others_one_in_a_number_is_traced()
    {
        await using var receiver = await Receiver.StartAsync();
        await using var none = await StartAsync(receiver, "Telemetry:TraceOneIn=0");
        await none.Client.AuthorizeAsync(Samples.Ask("no-such-key-of-anybody"), Caller(isRecorded: false));
        await none.Client.AuthorizeAsync(Samples.Ask("no-such-key-of-anybody"));
        Assert.Empty(_spans);
        await none.StopAsync();

        await using var all = await StartAsync(receiver, "Telemetry:TraceOneIn=1");
        await all.Client.AuthorizeAsync(Samples.Ask("no-such-key-of-anybody"), Caller(isRecorded: false));
        Assert.Empty(_spans);
        await all.Client.AuthorizeAsync(Samples.Ask("no-such-key-of-anybody"));
        var span = Assert.Single(_spans);
        Assert.Equal((default, "KEY_UNKNOWN"), (span.ParentSpanId, span.GetTagItem("decision.reason")));
    }

    [Theory]
    [InlineData("None")]
    [InlineData("Trace")]
    public async Task Whatever_the_hosts_log_is_set_to_the_callers_trace_goes_on(string level)
    {
        await using var receiver = await Receiver.StartAsync();
        await using var server = await StartAsync(receiver, $"Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics={level}", "Logging:Console:LogLevel:Default=None");

        await server.Client.AuthorizeBatchAsync(
            new AuthorizeBatchRequest { Requests = { Samples.Ask("no-such-key-1-of-anybody"), Samples.Ask("no-such-key-2-of-anybody") } }, Caller(isRecorded: true));
        using var stream = server.Client.AuthorizeStream(Caller(isRecorded: true));
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask("no-such-key-3-of-anybody") });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        using var forward = new HttpRequestMessage(HttpMethod.Get, "/forward-auth/orders");
        forward.Headers.Add("X-Api-Key", "no-such-key-4-of-anybody");
        forward.Headers.Add("X-Forwarded-Method", "GET");
        forward.Headers.Add("X-Forwarded-Uri", "/orders/1");
        forward.Headers.Add("X-Forwarded-Host", "example.com");
        forward.Headers.Add("traceparent", $"00-{Trace}-{Span}-01");
        using var answer = await server.Http.SendAsync(forward);

        Assert.Equal(4, _spans.Count);
        Assert.All(_spans, span => Assert.Equal((Trace, Span), (span.TraceId.ToHexString(), span.ParentSpanId.ToHexString())));
    }

    [Fact]
    public async Task Without_a_receiver_nobody_makes_a_span()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);

        await server.Client.AuthorizeAsync(Samples.Ask("no-such-key-of-anybody"), Caller(isRecorded: true));

        Assert.Empty(_spans);
    }

    [Fact]
    public async Task What_a_receiver_does_not_take_is_counted()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answers.Enqueue(400);
        await using var server = await StartAsync(receiver, "Telemetry:Protocol=http", "Telemetry:Signals=traces");
        await server.Client.AuthorizeAsync(Samples.Ask("no-such-key-of-anybody"), Caller(isRecorded: true));

        await receiver.NextAsync("/v1/traces");

        await Redis.Eventually.IsAsync(() => server.Http.GetStringAsync("/metrics"), text => text.Contains("decision_telemetry_failures_total{", StringComparison.Ordinal));
    }

    private static Metadata Caller(bool isRecorded) => new() { { "traceparent", $"00-{Trace}-{Span}-{(isRecorded ? "01" : "00")}" } };

    private static Task<RunningServer> StartAsync(Receiver receiver, params string[] settings) =>
        RunningServer.StartAsync([$"Telemetry:Endpoint={receiver.Address}", SoonSent, .. settings], policies: Samples.Policies);
}
