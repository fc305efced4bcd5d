using System.Diagnostics.Metrics;
using Decision.Engine;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Metrics;

/// <summary>What the decision path counts. Labels are of bounded sets: reasons and the first registered APIs, never keys.</summary>
public sealed class DecisionMetrics : IDisposable
{
    /// <summary>The meter's name, for exporters.</summary>
    public const string MeterName = "Decision";

    /// <summary>The instrument of the decisions by API, which has more series than others.</summary>
    public const string ApiDecisions = "decision.api_decisions";

    private static readonly Reason[] Reasons = Enum.GetValues<Reason>();

    // Behind the reasons.
    private static readonly int Hits = Reasons.Length;
    private static readonly int Misses = Reasons.Length + 1;

    private readonly ProcessorRows _counts = new(Reasons.Length + 2);
    private readonly ApiCounts? _apis;
    private readonly long[] _shadowed = new long[Reasons.Length];
    private long _degraded;
    private long _replays;
    private readonly Meter _meter;
    private readonly Histogram<double> _latency;

    /// <summary>Makes the instruments.</summary>
    public DecisionMetrics(IMeterFactory meters, IOptions<RuntimeOptions> options)
    {
        ArgumentNullException.ThrowIfNull(meters);
        ArgumentNullException.ThrowIfNull(options);
        _meter = meters.Create(MeterName);
        _meter.CreateObservableCounter("decision.decisions", ObserveDecisions, "{decision}", "Decisions by reason.");
        if (options.Value.ApisInMetrics is > 0 and var most)
        {
            _apis = new ApiCounts(most);
            _meter.CreateObservableCounter("decision.api_decisions", _apis.Observe, "{decision}", "Decisions by API and reason, of the first registered APIs.");
        }

        _meter.CreateObservableCounter("decision.key_lookups", ObserveLookups, "{lookup}", "Keys that were presented, by result: hit = known from memory, miss = the store was asked.");
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

    /// <summary>How many series the decisions by API have at most.</summary>
    public static int MostApiSeries(int apis) => ApiCounts.MostSeries(apis);

    /// <summary>Decisions so far with this reason.</summary>
    public long Count(Reason reason) => _counts.Sum((int)reason);

    /// <summary>Counts the look-up of a key.</summary>
    /// <param name="isHit">Whether memory knew it, or knew that there is none.</param>
    public void LookedUp(bool isHit) => _counts.Count(isHit ? Hits : Misses);

    /// <summary>Counts a decision.</summary>
    public void Record(in Verdict verdict, TimeSpan elapsed)
    {
        _counts.Count((int)verdict.Reason);
        _apis?.Count(verdict.Api?.Api.Id, verdict.Reason);
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

    private Measurement<long>[] ObserveLookups() =>
    [
        new(_counts.Sum(Hits), new KeyValuePair<string, object?>("result", "hit")),
        new(_counts.Sum(Misses), new KeyValuePair<string, object?>("result", "miss")),
    ];

    private IEnumerable<Measurement<long>> ObserveShadowed() =>
        from reason in Reasons
        let count = Interlocked.Read(ref _shadowed[(int)reason])
        where count > 0
        select new Measurement<long>(count, new KeyValuePair<string, object?>("reason", reason.ToName()));
}
