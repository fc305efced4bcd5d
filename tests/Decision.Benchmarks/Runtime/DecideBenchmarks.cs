using BenchmarkDotNet.Attributes;
using Decision.Engine;
using Decision.Runtime.Decisions;

namespace Decision.Benchmarks.Runtime;

/// <summary>
/// A whole decision with the key's grant in memory: clock, reading and hashing the key, the engine, the counters, the metrics.
/// Everything that a request costs but the network and the protocol.
/// </summary>
[MemoryDiagnoser]
public class DecideBenchmarks
{
    private House _house = null!;
    private DecisionRuntime _decisions = null!;
    private DecisionCall _call;

    [Params("rate", "rate+quota", "rate+quota, 50 urls", "rate+quota, custom key")]
    public string Case { get; set; } = "";

    [Params(House.InMemory, "file")]
    public string Store { get; set; } = "";

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _house = await House.OpenAsync(Store);
        _decisions = _house.Decisions;
        bool hasUrls = Case.EndsWith("urls", StringComparison.Ordinal);
        string key = await _house.AddKeyAsync(
            Samples.Policies(1, 1, Case.Contains("quota", StringComparison.Ordinal), hasUrls ? Samples.Urls(50) : default),
            Case.EndsWith("custom key", StringComparison.Ordinal) ? "a-custom-key-of-32-characters-00" : "");
        _call = new DecisionCall { Request = new AccessRequest(Samples.Api, "GET", Samples.LastPath), ApiKey = key };
        var verdict = await _decisions.DecideAsync(in _call, CancellationToken.None);
        if (!verdict.IsAllowed)
        {
            throw new InvalidOperationException($"The request is refused: {verdict.Reason}.");
        }
    }

    [Benchmark]
    public bool Decide() => _decisions.DecideAsync(in _call, CancellationToken.None).Result.IsAllowed;

    [GlobalCleanup]
    public async Task CleanAsync() => await _house.DisposeAsync();
}
