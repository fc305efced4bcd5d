using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;

namespace Decision.Runtime.Observation.Usage;

/// <summary>Whether the use over time is kept.</summary>
internal sealed class UsageMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _flushes;
    private readonly Counter<long> _uncounted;

    public UsageMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(DecisionMetrics.MeterName);
        _flushes = _meter.CreateCounter<long>("decision.usage_flushes", "{batch}", "Batches of the use over time that were taken to the store, by result: done or failed.");
        _uncounted = _meter.CreateCounter<long>("decision.usage_uncounted", "{decision}", "Decisions that are not in the use over time, for want of room.");
    }

    public void Flushed(bool isDone) => _flushes.Add(1, new KeyValuePair<string, object?>("result", isDone ? "done" : "failed"));

    public void Uncounted(long decisions) => _uncounted.Add(decisions);

    public void Dispose() => _meter.Dispose();
}
