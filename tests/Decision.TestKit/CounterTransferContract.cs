using System.Buffers;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Time.Testing;
using static Decision.TestKit.TestCharges;

namespace Decision.TestKit;

/// <summary>
/// What every store must do whose counters are carried to another one. Derive, give fresh stores whose clocks follow <see cref="Time"/>, and
/// all of it runs.
/// </summary>
public abstract class CounterTransferContract : IAsyncLifetime
{
    private (ICounterStore Counters, ICounterTransfer Transfer) _first;
    private (ICounterStore Counters, ICounterTransfer Transfer) _second;

    /// <summary>The clock of all stores; it stands still unless a test moves it.</summary>
    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));

    /// <summary>A key's subject, another one for each test.</summary>
    protected Subject Subject { get; } = Key(Guid.NewGuid().ToString("N"));

    private long NowUs => (Time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    public async ValueTask InitializeAsync()
    {
        _first = await OpenAsync();
        _second = await OpenAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens an empty store of its own; called twice.</summary>
    protected abstract ValueTask<(ICounterStore Counters, ICounterTransfer Transfer)> OpenAsync();

    /// <summary>Closes all that were opened.</summary>
    protected abstract ValueTask CloseAsync();

    [Theory]
    [InlineData(1)]
    [InlineData(2, Traits = ["Run", "full"])]
    [InlineData(3, Traits = ["Run", "full"])]
    public async Task Import_of_an_export_answers_every_later_step_as_the_original_store(int seed)
    {
        Random random = new(seed);
        Charge[] charges = EveryLimit();
        for (int step = 0; step < 400; step++)
        {
            await StepAsync(random, charges, async spending => await _first.Counters.SpendAsync(spending, CancellationToken.None));
        }

        List<StoredCounter> exported = await ExportAsync(_first.Transfer);
        Assert.Equal(new CounterImport(exported.Count, 0, 0), await ImportAsync(exported));

        for (int step = 0; step < 400; step++)
        {
            await StepAsync(random, charges, async spending =>
            {
                SpendResult original = await _first.Counters.SpendAsync(spending, CancellationToken.None);
                SpendResult carried = await _second.Counters.SpendAsync(spending, CancellationToken.None);
                for (int i = 0; i < spending.Charges.Count; i++)
                {
                    Assert.Equal(original.Outcomes[i], carried.Outcomes[i]);
                }
            });
            Assert.Equal(
                await _first.Counters.ReadAsync(charges, CancellationToken.None), await _second.Counters.ReadAsync(charges, CancellationToken.None));
        }
    }

    [Fact]
    public async Task Export_names_each_counter_and_gives_a_state_that_the_format_reads()
    {
        Charge[] charges = EveryLimit();
        foreach (Charge charge in charges)
        {
            await SpendAsync(_first.Counters, charge, 2);
        }

        List<StoredCounter> exported = await ExportAsync(_first.Transfer);

        Assert.Equal(
            charges.Select(charge => charge.Counter.ToString()).Order(StringComparer.Ordinal),
            exported.Select(counter => new CounterKey(counter.Subject, counter.Name).ToString()).Order(StringComparer.Ordinal));
        foreach (StoredCounter counter in exported)
        {
            bool isQuota = counter.Name.StartsWith("quota", StringComparison.Ordinal);
            Assert.Equal(isQuota, LimitStateFormat.TryRead(counter.State.Span, out QuotaState quota));
            Assert.Equal(!isQuota, LimitStateFormat.TryRead(counter.State.Span, out RateState _));
            Assert.Equal(isQuota ? new QuotaState(NowUs, 2) : default, quota);
        }
    }

    [Fact]
    public async Task Export_of_more_counters_than_a_page_gives_each_of_them()
    {
        string[] names = [.. Enumerable.Range(0, 2_500).Select(i => $"{Subject.Id}-{i}")];
        foreach (string name in names)
        {
            await SpendAsync(_first.Counters, Quota(Key(name), "quota", 10), 1);
        }

        List<StoredCounter> exported = await ExportAsync(_first.Transfer);

        Assert.Equal(names.ToHashSet(), exported.Select(counter => counter.Subject.Id).ToHashSet());
        Assert.Equal(new CounterImport(exported.Count, 0, 0), await ImportAsync(exported));
        Assert.Equal(1, await UsedAsync(_second.Counters, Quota(Key(names[^1]), "quota", 10)));
    }

    [Fact]
    public async Task Export_leaves_out_what_no_longer_counts()
    {
        await SpendAsync(_first.Counters, Rate(Subject, "rate", 10, seconds: 10), 1);
        await SpendAsync(_first.Counters, Quota(Subject, "quota/short", 10, seconds: 10), 1);
        await SpendAsync(_first.Counters, Quota(Subject, "quota/long", 10, seconds: 100), 1);
        await SpendAsync(_first.Counters, Quota(Subject, "quota/reset", 10, seconds: 100), 1);
        await _first.Counters.ResetAsync([Quota(Subject, "quota/reset", 10, seconds: 100)], CancellationToken.None);
        Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["quota/long"], (await ExportAsync(_first.Transfer)).Select(counter => counter.Name));
    }

    [Fact]
    public async Task Import_again_changes_nothing()
    {
        foreach (Charge charge in EveryLimit())
        {
            await SpendAsync(_first.Counters, charge, 2);
        }

        List<StoredCounter> exported = await ExportAsync(_first.Transfer);
        await ImportAsync(exported);

        Assert.Equal(new CounterImport(0, exported.Count, 0), await ImportAsync(exported));
        Assert.Equal(2, await UsedAsync(_second.Counters, EveryLimit()[0]));
    }

    [Theory]
    [InlineData(5, 0, 3, 0, 5)] // The same start: the larger use.
    [InlineData(3, 0, 5, 0, 5)]
    [InlineData(9, 0, 2, 60, 2)] // The file's period is the later one.
    [InlineData(2, 60, 9, 0, 2)] // The store's is.
    public async Task Import_of_a_quota_takes_the_later_period_and_the_larger_use(
        long storedUsed, int storedAfter, long importedUsed, int importedAfter, long expected)
    {
        long startUs = NowUs;
        Charge quota = Quota(Subject, "quota", 10);
        Time.Advance(TimeSpan.FromSeconds(storedAfter));
        await SpendAsync(_second.Counters, quota, storedUsed);
        Time.Advance(TimeSpan.FromSeconds(60 - storedAfter));

        CounterImport import = await ImportAsync([Stored("quota", new QuotaState(startUs + (importedAfter * 1_000_000L), importedUsed))]);

        bool isTaken = importedAfter > storedAfter || (importedAfter == storedAfter && importedUsed > storedUsed);
        Assert.Equal(isTaken ? new CounterImport(1, 0, 0) : new CounterImport(0, 0, 1), import);
        CounterReading reading = (await _second.Counters.ReadAsync([quota], CancellationToken.None))[0];
        Assert.Equal((expected, startUs + (Math.Max(storedAfter, importedAfter) * 1_000_000L)), (reading.Used, reading.PeriodStartUs));
    }

    [Theory]
    [InlineData(RateAlgorithm.SlidingLog)]
    [InlineData(RateAlgorithm.TokenBucket)]
    [InlineData(RateAlgorithm.FixedWindow)]
    [InlineData(RateAlgorithm.SlidingWindow)]
    public async Task Import_of_a_rate_keeps_what_counts_and_replaces_what_does_not(RateAlgorithm algorithm)
    {
        Charge rate = Rate(Subject, "rate", 10, seconds: 10, algorithm);
        await SpendAsync(_second.Counters, rate, 2);
        await SpendAsync(_first.Counters, rate, 5);
        List<StoredCounter> exported = await ExportAsync(_first.Transfer);

        CounterImport whileItCounts = await ImportAsync(exported);
        long kept = await UsedAsync(_second.Counters, rate);
        Time.Advance(TimeSpan.FromSeconds(30));
        await _first.Counters.ResetAsync([rate], CancellationToken.None);
        await SpendAsync(_first.Counters, rate, 7);
        CounterImport afterIt = await ImportAsync(await ExportAsync(_first.Transfer));

        Assert.Equal((new CounterImport(0, 0, 1), 2L), (whileItCounts, kept));
        Assert.Equal((new CounterImport(1, 0, 0), 7L), (afterIt, await UsedAsync(_second.Counters, rate)));
    }

    [Fact]
    public async Task Import_with_a_damaged_state_imports_nothing()
    {
        byte[] damaged = Stored("damaged", new QuotaState(NowUs, 1)).State.ToArray();
        damaged[3] ^= 1;

        await Assert.ThrowsAsync<ArgumentException>(() => ImportAsync(
            [Stored("quota", new QuotaState(NowUs, 4)), new StoredCounter(Subject, "damaged", damaged)]));

        Assert.Equal(0, await UsedAsync(_second.Counters, Quota(Subject, "quota", 10)));
    }

    [Fact]
    public async Task Import_of_a_quota_that_the_store_charges_now_is_charged_further()
    {
        Charge quota = Quota(Subject, "quota", 10);
        await SpendAsync(_second.Counters, quota, 2);

        await ImportAsync([Stored("quota", new QuotaState(NowUs, 9))]);

        Assert.False((await SpendAsync(_second.Counters, quota, 1)).Outcomes[0].Refused);
        Assert.True((await SpendAsync(_second.Counters, quota, 1)).Outcomes[0].Refused);
    }

    /// <summary>A charge of each algorithm and each form of quota, on every kind of subject.</summary>
    private Charge[] EveryLimit() =>
    [
        Rate(Subject, "rate/log", 30, seconds: 20),
        Rate(Subject, "rate/brief", 30, seconds: 1),
        Rate(Subject, "rate/bucket", 7, seconds: 3, RateAlgorithm.TokenBucket),
        Rate(new Subject(SubjectKind.Organization, Subject.Id), "rate/fixed", 40, seconds: 9, RateAlgorithm.FixedWindow),
        Rate(new Subject(SubjectKind.Api, Subject.Id), "rate/sliding", 40, seconds: 9, RateAlgorithm.SlidingWindow),
        Quota(Subject.ForPattern("o", Subject.Id), "quota/rolling", 90, seconds: 60),
        Quota(Subject, "quota/life", 400, seconds: 0),
        MonthlyQuota(Subject, "quota/month", 500),
    ];

    private async Task StepAsync(Random random, Charge[] charges, Func<Spending, Task> spendAsync)
    {
        if (random.Next(3) == 0)
        {
            Time.Advance(TimeSpan.FromMicroseconds(random.NextInt64(random.Next(8) == 0 ? 4_000_000 : 400_000)));
        }

        Charge[] drawn = random.GetItems(charges, random.Next(1, 4)).Distinct().ToArray();
        await spendAsync(new Spending { Charges = List(drawn), Cost = random.Next(1, 4) });
    }

    private static async Task<List<StoredCounter>> ExportAsync(ICounterTransfer transfer)
    {
        List<StoredCounter> counters = [];
        await foreach (StoredCounter counter in transfer.ExportAsync(CancellationToken.None))
        {
            counters.Add(counter);
        }

        return counters;
    }

    private Task<CounterImport> ImportAsync(IReadOnlyList<StoredCounter> counters) =>
        _second.Transfer.ImportAsync(counters, CancellationToken.None).AsTask();

    private StoredCounter Stored(string name, QuotaState quota)
    {
        ArrayBufferWriter<byte> bytes = new();
        LimitStateFormat.Write(bytes, quota);
        return new StoredCounter(Subject, name, bytes.WrittenMemory);
    }

    private static async Task<SpendResult> SpendAsync(ICounterStore store, Charge charge, long cost) =>
        await store.SpendAsync(new Spending { Charges = List(charge), Cost = cost }, CancellationToken.None);

    private static async Task<long> UsedAsync(ICounterStore store, Charge charge) =>
        (await store.ReadAsync([charge], CancellationToken.None))[0].Used;
}
