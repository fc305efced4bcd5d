using System.Diagnostics.Tracing;
using System.Globalization;
using Decision.Server.Hosting;

namespace Decision.Server.Telemetry;

/// <summary>Tells what the exporter of OTLP says of its failures nowhere but in an event source: counted, and logged at most once in ten seconds.</summary>
internal sealed class TelemetryFailures(TelemetryMetrics metrics, TimeProvider time, ILogger<TelemetryFailures> log) : EventListener, IHostedService
{
    private const string Exporter = "OpenTelemetry-Exporter-OpenTelemetryProtocol";

    private readonly LogPace _pace = new(time);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Also those that were there before.
        EventSourceCreated += (_, created) => Listen(created.EventSource);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventSource.Name != Exporter || eventData.Level > EventLevel.Warning)
        {
            return;
        }

        metrics.Failed();
        if (_pace.IsDue(out long unsaid))
        {
            TelemetryLog.ExportFailed(log, Sentence(eventData), unsaid);
        }
    }

    private void Listen(EventSource? source)
    {
        if (source?.Name == Exporter)
        {
            EnableEvents(source, EventLevel.Warning);
        }
    }

    private static string Sentence(EventWrittenEventArgs written)
    {
        object?[] parts = [.. written.Payload ?? Enumerable.Empty<object?>()];
        return written.Message is { } message ? string.Format(CultureInfo.InvariantCulture, message, parts) : string.Join(' ', parts);
    }
}
