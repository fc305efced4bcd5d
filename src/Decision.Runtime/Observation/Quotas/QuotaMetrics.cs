using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;

namespace Decision.Runtime.Observation.Quotas;

/// <summary>How often thresholds of quotas are reached.</summary>
internal sealed class QuotaMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _events;

    public QuotaMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(DecisionMetrics.MeterName);
        _events = _meter.CreateCounter<long>("decision.quota_events", "{event}", "Thresholds of quotas that were reached; used_up = all of the quota was used then.");
    }

    public void Reached(bool isUsedUp) => _events.Add(1, new KeyValuePair<string, object?>("used_up", isUsedUp ? "true" : "false"));

    public void Dispose() => _meter.Dispose();
}
