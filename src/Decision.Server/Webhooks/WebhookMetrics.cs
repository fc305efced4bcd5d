using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;

namespace Decision.Server.Webhooks;

/// <summary>What became of events.</summary>
internal sealed class WebhookMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _events;

    public WebhookMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(DecisionMetrics.MeterName);
        _events = _meter.CreateCounter<long>(
            "decision.webhook_events", "{event}", "Events for the webhook by result: delivered, failed after the last try, or dropped for want of room.");
    }

    public void Ended(string result) => _events.Add(1, new KeyValuePair<string, object?>("result", result));

    public void Dispose() => _meter.Dispose();
}
