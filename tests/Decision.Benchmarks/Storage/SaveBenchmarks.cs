using System.Diagnostics.CodeAnalysis;
using BenchmarkDotNet.Attributes;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Counters;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Decision.Benchmarks.Storage;

/// <summary>One save of a second's spendings on a rate and a quota of each of many keys, with the part of carrying the log into the table that comes with it.</summary>
[MemoryDiagnoser]
[SuppressMessage("Design", "CA1001", Justification = "Clean is called at the end.")]
public class SaveBenchmarks
{
    private const int SpendingsInSecond = 40_000, SecondsBefore = 100;

    private readonly string _folder = Directory.CreateTempSubdirectory("decision-benchmarks-").FullName;
    private readonly Random _random = new(1);
    private readonly Clock _time = new();
    private SqliteDatabase _database = null!;
    private EmbeddedCounterStore _counters = null!;
    private Spending[] _spendings = [];

    [Params(1_000, 100_000, 1_000_000)]
    public int Keys { get; set; }

    [GlobalSetup]
    public async Task PrepareAsync()
    {
        _database = new SqliteDatabase(Path.Combine(_folder, $"{Keys}.db"));
        _database.Open();
        _counters = new EmbeddedCounterStore(new CounterRows(_database), new CounterLog(_database), _time, NullLogger<EmbeddedCounterStore>.Instance);
        _counters.Restore();
        _spendings = [.. Enumerable.Range(0, Keys).Select(SpendingOf)];
        for (int second = 0; second < SecondsBefore; second++)
        {
            Spend();
            await SaveAsync();
        }
    }

    /// <summary>Between the saves that are measured.</summary>
    [IterationSetup]
    public void Spend()
    {
        for (int i = 0; i < SpendingsInSecond; i++)
        {
            _counters.SpendNow(in _spendings[_random.Next(Keys)]);
            _time.Now += TimeSpan.FromSeconds(1) / SpendingsInSecond;
        }
    }

    [Benchmark(OperationsPerInvoke = SpendingsInSecond)]
    public async Task SaveAsync()
    {
        if (!await _counters.Keeper.SaveAsync(CancellationToken.None))
        {
            throw new InvalidOperationException(_counters.Keeper.LastError);
        }
    }

    [GlobalCleanup]
    public void Clean()
    {
        _database.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static Spending SpendingOf(int number)
    {
        var subject = new Subject(SubjectKind.Key, SeededKeys.IdOf(number));
        var charges = default(ChargeList);
        charges.Add(new Charge(
            new CounterKey(subject, "rate/policy:policy-0"), new RateLimit(RateAlgorithm.SlidingLog, Samples.Unreached, 60_000_000, 0), Reason.RateLimited, "key", Origin.OfKey("rate")));
        charges.Add(new Charge(
            new CounterKey(subject, "quota/policy:policy-0"), new QuotaLimit(Samples.Unreached, 30 * 86_400_000_000), Reason.QuotaExceeded, "key", Origin.OfKey("quota_max")));
        return new Spending { Charges = charges, Cost = 1 };
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 2, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
