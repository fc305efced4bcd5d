using System.Diagnostics.Metrics;
using Decision.Engine;

namespace Decision.Runtime.Metrics;

/// <summary>What the decision path counts. Labels are of fixed sets: reasons, never keys.</summary>
public sealed class DecisionMetrics : IDisposable
{
    /// <summary>The meter's name, for exporters.</summary>
    public const string MeterName = "Decision";

    private static readonly Reason[] Reasons = Enum.GetValues<Reason>();

    // One row per processor, a cache line apart, so that counting does not make the cores wait for each other.
    private readonly long[][] _decisions = [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new long[Reasons.Length + 8])];
    private readonly long[] _shadowed = new long[Reasons.Length];
    private long _degraded;
    private long _replays;
    private readonly Meter _meter;
    private readonly Histogram<double> _latency;

    /// <summary>Makes the instruments.</summary>
    public DecisionMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _meter.CreateObservableCounter("decision.decisions", ObserveDecisions, "{decision}", "Decisions by reason.");
        _meter.CreateObservableCounter("decision.shadowed", ObserveShadowed, "{decision}", "Decisions that a limit in shadow would have refused.");
        _meter.CreateObservableCounter("decision.degraded", () => Interlocked.Read(ref _degraded), "{decision}", "Decisions made while the store failed.");
        _meter.CreateObservableCounter("decision.replayed", () => Interlocked.Read(ref _replays), "{decision}", "Decisions answered again for an idempotency key.");
        _latency = _meter.CreateHistogram(
            "decision.duration",
            "s",
            "Time of a decision inside the service.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.000_001, 0.000_002, 0.000_005, 0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1],
            });
    }

    /// <summary>Decisions so far with this reason.</summary>
    public long Count(Reason reason)
    {
        long sum = 0;
        foreach (long[] row in _decisions)
        {
            sum += Interlocked.Read(ref row[(int)reason]);
        }

        return sum;
    }

    /// <summary>Counts a decision.</summary>
    public void Record(in Verdict verdict, TimeSpan elapsed)
    {
        long[] row = _decisions[(uint)Thread.GetCurrentProcessorId() % (uint)_decisions.Length];
        Interlocked.Increment(ref row[(int)verdict.Reason]);
        if (verdict.ShadowedReason != Reason.Unspecified)
        {
            Interlocked.Increment(ref _shadowed[(int)verdict.ShadowedReason]);
        }

        if (verdict.IsDegraded)
        {
            Interlocked.Increment(ref _degraded);
        }

        if (verdict.IsReplay)
        {
            Interlocked.Increment(ref _replays);
        }

        if (_latency.Enabled)
        {
            _latency.Record(elapsed.TotalSeconds);
        }
    }

    /// <inheritdoc />
    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<long>> ObserveDecisions() =>
        from reason in Reasons
        where reason != Reason.Unspecified
        select new Measurement<long>(
            Count(reason),
            new KeyValuePair<string, object?>("reason", reason.ToName()),
            new KeyValuePair<string, object?>("allowed", reason == Reason.Allowed ? "true" : "false"));

    private IEnumerable<Measurement<long>> ObserveShadowed() =>
        from reason in Reasons
        let count = Interlocked.Read(ref _shadowed[(int)reason])
        where count > 0
        select new Measurement<long>(count, new KeyValuePair<string, object?>("reason", reason.ToName()));
}
