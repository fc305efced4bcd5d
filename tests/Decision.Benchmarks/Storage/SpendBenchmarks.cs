using BenchmarkDotNet.Attributes;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Benchmarks.Storage;

/// <summary>One spending on the embedded store's counters, with a rate of each algorithm, alone and with a quota.</summary>
[MemoryDiagnoser]
public class SpendBenchmarks
{
    private readonly Subject _subject = new(SubjectKind.Key, "0123456789abcdef");
    private House _house = null!;
    private ICounterStore _counters = null!;
    private Spending _spending;

    [Params(RateAlgorithm.SlidingLog, RateAlgorithm.TokenBucket, RateAlgorithm.FixedWindow, RateAlgorithm.SlidingWindow)]
    public RateAlgorithm Algorithm { get; set; }

    [Params(false, true)]
    public bool WithQuota { get; set; }

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _house = await House.OpenAsync(House.InMemory);
        _counters = _house.Counters;
        var charges = default(ChargeList);
        charges.Add(new Charge(
            new CounterKey(_subject, "rate/key"), new RateLimit(Algorithm, Samples.Unreached, 60_000_000, 0), Reason.RateLimited, "key", Origin.OfKey("rate")));
        charges.Add(WithQuota
            ? new Charge(new CounterKey(_subject, "quota/key"), new QuotaLimit(Samples.Unreached, 86_400_000_000), Reason.QuotaExceeded, "key", Origin.OfKey("quota_max"))
            : null);
        _spending = new Spending { Charges = charges, Cost = 1 };
    }

    [Benchmark]
    public bool Spend() => _counters.SpendAsync(in _spending, CancellationToken.None).Result.Outcomes[0].Refused;

    [GlobalCleanup]
    public async Task CleanAsync() => await _house.DisposeAsync();
}
