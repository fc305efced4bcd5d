using System.Diagnostics.Metrics;
using Decision.Engine;
using Decision.Runtime.Metrics;

namespace Decision.Console.Live;

/// <summary>
/// What is decided, second by second, as long as somebody looks: without that nothing listens, and a decision pays nothing for it.
/// </summary>
internal sealed class DecisionSamples(DecisionMetrics metrics, TimeProvider time) : IDisposable
{
    /// <summary>How many seconds are kept.</summary>
    public const int Kept = 120;

    private const int LatencySeconds = 10;
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);
    private static readonly Reason[] Reasons = [.. Enum.GetValues<Reason>().Where(reason => reason != Reason.Unspecified)];

    private readonly Lock _lock = new();
    private readonly LatencyBuckets _latency = new();
    private readonly Queue<long[]> _latencies = new();
    private DecisionSample[] _samples = [];
    private Dictionary<Reason, long> _counts = [];
    private long _sampledAt;
    private int _watchers;
    private MeterListener? _listener;
    private ITimer? _timer;

    /// <summary>After each second, on any thread.</summary>
    public event Action? Sampled;

    /// <summary>The last seconds, the newest last.</summary>
    public IReadOnlyList<DecisionSample> Samples => _samples;

    /// <summary>Looks on until it is disposed of.</summary>
    public IDisposable Watch()
    {
        lock (_lock)
        {
            if (_watchers++ == 0)
            {
                Start();
            }
        }

        return new Watcher(this);
    }

    public void Dispose() => Stop();

    private void Start()
    {
        _samples = [];
        _latencies.Clear();
        _latencies.Enqueue(_latency.Read());
        _counts = Read();
        _sampledAt = time.GetTimestamp();
        _listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument is { Name: "decision.duration", Meter.Name: DecisionMetrics.MeterName })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => _latency.Add(seconds));
        _listener.Start();
        _timer = time.CreateTimer(_ => Sample(), null, Period, Period);
    }

    private void Stop()
    {
        lock (_lock)
        {
            _timer?.Dispose();
            _listener?.Dispose();
            (_timer, _listener) = (null, null);
        }
    }

    private void Leave()
    {
        lock (_lock)
        {
            if (--_watchers == 0)
            {
                Stop();
            }
        }
    }

    private void Sample()
    {
        lock (_lock)
        {
            double seconds = time.GetElapsedTime(_sampledAt).TotalSeconds;
            if (_timer is null || seconds < 0.1)
            {
                return;
            }

            var counts = Read();
            var rates = Reasons.ToDictionary(reason => reason, reason => (counts[reason] - _counts[reason]) / seconds);
            long[] latency = _latency.Read();
            _latencies.Enqueue(latency);
            if (_latencies.Count > LatencySeconds + 1)
            {
                _latencies.Dequeue();
            }

            var sample = new DecisionSample(
                time.GetUtcNow(),
                rates[Reason.Allowed],
                rates.Where(rate => rate.Key != Reason.Allowed).Sum(rate => rate.Value),
                rates,
                LatencyBuckets.Percentile(_latencies.Peek(), latency, 0.99));
            _samples = [.. _samples.TakeLast(Kept - 1), sample];
            (_counts, _sampledAt) = (counts, time.GetTimestamp());
        }

        Sampled?.Invoke();
    }

    private Dictionary<Reason, long> Read() => Reasons.ToDictionary(reason => reason, metrics.Count);

    private sealed class Watcher(DecisionSamples samples) : IDisposable
    {
        private bool _isGone;

        public void Dispose()
        {
            if (!_isGone)
            {
                _isGone = true;
                samples.Leave();
            }
        }
    }
}
