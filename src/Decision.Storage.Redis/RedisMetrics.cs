using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;
using Polly.CircuitBreaker;

namespace Decision.Storage.Redis;

/// <summary>What the store counts of its calls. Labels are of fixed sets: operations and kinds of failure.</summary>
internal sealed class RedisMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _uncertain;
    private readonly Counter<long> _trimmed;
    private readonly Counter<long> _damaged;

    public RedisMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(DecisionMetrics.MeterName);
        _duration = _meter.CreateHistogram(
            "decision.store.duration",
            "s",
            "Time until the store answered, by operation.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5],
            });
        _failures = _meter.CreateCounter<long>("decision.store.failures", "{call}", "Calls that the store did not answer, by operation and kind.");
        _uncertain = _meter.CreateCounter<long>(
            "decision.store.uncertain", "{decision}", "Decisions whose answer did not come in time and that may have spent all the same.");
        _trimmed = _meter.CreateCounter<long>("decision.store.trimmed", "{counter}", "Counters that were removed because they no longer counted.");
        _damaged = _meter.CreateCounter<long>(
            "decision.store.damaged", "{counter}", "Damaged counters that a sweep left as they are; each sweep counts them again.");
    }

    /// <summary>Makes the gauge of the breaker: 0 = closed, 1 = one call tries, 2 = open.</summary>
    public void ObserveBreaker(Func<CircuitState> state) => _meter.CreateObservableGauge(
        "decision.store.breaker",
        () => state() switch { CircuitState.Closed => 0, CircuitState.HalfOpen => 1, _ => 2 },
        "{state}",
        "Circuit breaker of the store: 0 = closed, 1 = trying one call, 2 = open.");

    public void Answered(string operation, TimeSpan elapsed)
    {
        if (_duration.Enabled)
        {
            _duration.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("operation", operation));
        }
    }

    public void Failed(string operation, string kind) => _failures.Add(
        1, new KeyValuePair<string, object?>("operation", operation), new KeyValuePair<string, object?>("kind", kind));

    public void Uncertain(int decisions) => _uncertain.Add(decisions);

    public void Trimmed(long counters) => _trimmed.Add(counters);

    public void Damaged(long counters) => _damaged.Add(counters);

    public void Dispose() => _meter.Dispose();
}
