using BenchmarkDotNet.Attributes;
using Decision.Engine.Limits;

namespace Decision.Benchmarks.Storage;

/// <summary>A sliding log that is full of entries: the dearest rate, since each test looks for the edge of the window among a thousand stamps.</summary>
[MemoryDiagnoser]
public class SlidingLogBenchmarks
{
    private readonly RateLimit _limit = new(RateAlgorithm.SlidingLog, 1_024, 1_000_000, 0);
    private RateState _state;
    private long _nowUs = 1_790_000_000_000_000;

    [Benchmark]
    public bool TestAndSpendFull()
    {
        // 1,000 of 1,024 units are in the window at each moment.
        _nowUs += 1_000;
        bool refused = RateMath.Test(_limit, in _state, 1, _nowUs).Refused;
        RateMath.Spend(_limit, ref _state, 1, _nowUs);
        return refused;
    }
}
