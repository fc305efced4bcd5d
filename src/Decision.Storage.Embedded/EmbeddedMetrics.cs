using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;

namespace Decision.Storage.Embedded;

/// <summary>What the database's work takes and how it fails, under the names that the other store has too.</summary>
internal sealed class EmbeddedMetrics : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failures;

    public EmbeddedMetrics(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        _meter = meters.Create(DecisionMetrics.MeterName);
        _duration = _meter.CreateHistogram(
            "decision.store.duration",
            "s",
            "Time until the store answered, by operation.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
            });
        _failures = _meter.CreateCounter<long>("decision.store.failures", "{call}", "Calls that the store did not answer, by operation and kind.");
    }

    /// <summary>The moment before the work, waiting for its turn included.</summary>
    public long Begin() => _time.GetTimestamp();

    /// <summary>The work was done.</summary>
    /// <param name="operation"><c>read</c> or <c>write</c>.</param>
    /// <param name="begunAt">From <see cref="Begin"/>.</param>
    public void Answered(string operation, long begunAt)
    {
        if (_duration.Enabled)
        {
            _duration.Record(_time.GetElapsedTime(begunAt).TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
        }
    }

    /// <summary>The database refused it.</summary>
    public void Failed(string operation) =>
        _failures.Add(1, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("kind", "sqlite"));

    public void Dispose() => _meter.Dispose();
}
