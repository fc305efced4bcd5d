using System.Globalization;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.TestKit;
using Decision.TestKit.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests;

/// <summary>What a decision costs Redis, as Redis counts it. Each test has a Redis of its own, so that nobody else's calls are counted.</summary>
public sealed class RoundTripTests : IAsyncLifetime
{
    private RedisServer? _redis;
    private RedisStore? _store;

    private ICounterStore Counters => _store!.Get<ICounterStore>();

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisServer.StartAsync();
        _store = await RedisStore.OpenAsync(_redis, options => options.Timeout = TimeSpan.FromSeconds(10));
        await Counters.SpendAsync(Spend(Rate(Key("first"), "rate", 1)), CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _store!.DisposeAsync();
        await _redis!.DisposeAsync();
    }

    [Fact]
    public async Task A_decision_on_five_counters_of_four_subjects_is_one_call()
    {
        Charge[] charges =
        [
            Rate(new Subject(SubjectKind.Organization, "o"), "rate", 1_000),
            Quota(new Subject(SubjectKind.Organization, "o"), "quota", 1_000),
            Rate(new Subject(SubjectKind.Api, "a"), "rate", 1_000),
            Rate(Subject.ForPattern("o", "p"), "rate", 1_000),
            Quota(Key("k"), "quota", 1_000),
        ];
        Dictionary<string, long> before = await CallsAsync();

        for (int i = 0; i < 50; i++)
        {
            Assert.False((await Counters.SpendAsync(Spend(charges), CancellationToken.None)).Outcomes[4].Refused);
        }

        Dictionary<string, long> after = await CallsAsync();
        Assert.Equal(50, after["fcall"] - before["fcall"]);

        // Beside the call itself Redis ran nothing but what the script asked of it: one read and one write for each subject.
        string[] asked = [.. after.Where(call => call.Value != before.GetValueOrDefault(call.Key)).Select(call => call.Key).Order()];
        Assert.Equal(["fcall", "hmget", "hset", "info", "pexpire", "time"], asked);
        Assert.Equal(200, after["hmget"] - before["hmget"]);
    }

    [Fact]
    public async Task Spendings_that_were_answered_are_let_go_of_long_before_a_long_deadline()
    {
        FakeTimeProvider time = new();
        await using RedisStore store = await RedisStore.OpenAsync(
            _redis!, options => options.Timeout = TimeSpan.FromSeconds(10), services => services.AddSingleton<TimeProvider>(time));
        for (int i = 0; i < 50; i++)
        {
            await store.Get<ICounterStore>().SpendAsync(Spend(Rate(Key("k"), "rate", 1_000)), CancellationToken.None);
        }

        time.Advance(TimeSpan.FromMilliseconds(5));

        Assert.Equal(0, store.Get<SpendQueue>().Kept);
    }

    [Fact]
    public async Task The_version_of_a_key_without_limits_is_compared_in_one_call()
    {
        IKeyStore keys = _store!.Get<IKeyStore>();
        Assert.True(await keys.CreateAsync(KeyStoreContract.Record("k1", 7), CancellationToken.None));
        Spending spending = new() { Charges = default, Cost = 1, KeyId = "k1", KeyVersion = 7 };

        Assert.Equal((SpendStatus.Done, 1), await CountedAsync(spending));
        Assert.True(await keys.ReplaceAsync(KeyStoreContract.Record("k1", 8), 7, CancellationToken.None));
        Assert.Equal((SpendStatus.KeyChanged, 1), await CountedAsync(spending));
        Assert.Equal((SpendStatus.Done, 1), await CountedAsync(spending with { KeyVersion = 8 }));
        Assert.True(await keys.DeleteAsync("k1", 8, CancellationToken.None));
        Assert.Equal((SpendStatus.KeyChanged, 1), await CountedAsync(spending with { KeyVersion = 8 }));
    }

    [Fact]
    public async Task A_changed_key_spends_nothing_anywhere()
    {
        Assert.True(await _store!.Get<IKeyStore>().CreateAsync(KeyStoreContract.Record("k1", 7), CancellationToken.None));
        Charge shared = Rate(new Subject(SubjectKind.Organization, "o"), "rate", 10);
        Charge own = Quota(Key("k1"), "quota", 10);

        SpendResult result = await Counters.SpendAsync(Spend(shared, own) with { KeyId = "k1", KeyVersion = 6 }, CancellationToken.None);

        Assert.Equal(SpendStatus.KeyChanged, result.Status);
        Assert.All(await Counters.ReadAsync([shared, own], CancellationToken.None), reading => Assert.Equal(0, reading.Used));
    }

    [Fact]
    public async Task A_refusal_writes_nothing()
    {
        Charge wide = Quota(new Subject(SubjectKind.Organization, "o"), "quota", 100);
        Charge narrow = Rate(Key("k"), "rate", 1);
        await Counters.SpendAsync(Spend(wide, narrow), CancellationToken.None);
        long before = await ChangesAsync();

        for (int i = 0; i < 20; i++)
        {
            Assert.True((await Counters.SpendAsync(Spend(wide, narrow), CancellationToken.None)).Outcomes[1].Refused);
        }

        Assert.Equal(before, await ChangesAsync());
    }

    [Theory]
    [InlineData(1_024)]
    [InlineData(1_000_000)]
    public async Task A_log_in_full_use_costs_no_more_calls_and_little_memory(long max)
    {
        Charge rate = Rate(Key("k"), "rate", max, seconds: 0.05);

        // As a key with a record, whose hash stays when nothing in it counts any more.
        await _redis!.CommandAsync("HSET", "decision:1:{k}", "v", "00000001");
        for (int i = 0; i < 3_000; i++)
        {
            await Counters.SpendAsync(Spend(rate), CancellationToken.None);
        }

        Dictionary<string, long> before = await CallsAsync();
        for (int i = 0; i < 1_000; i++)
        {
            await Counters.SpendAsync(Spend(rate), CancellationToken.None);
        }

        Dictionary<string, long> after = await CallsAsync();
        long inside = after.Sum(call => call.Value) - before.Sum(call => call.Value) - 1_000 - 1;
        Assert.InRange(inside, 2_000, 4_500);
        Assert.InRange(long.Parse(await _redis.CommandAsync("MEMORY", "USAGE", "decision:1:{k}", "SAMPLES", "0"), CultureInfo.InvariantCulture), 100, 32_000);
    }

    [Fact]
    public async Task Decisions_that_come_at_once_share_calls_and_are_each_decided()
    {
        Charge rate = Rate(Key("k"), "rate", 300);
        Dictionary<string, long> before = await CallsAsync();

        SpendResult[] results = await Task.WhenAll(
            Enumerable.Range(0, 1_000).Select(_ => Task.Run(async () => await Counters.SpendAsync(Spend(rate), CancellationToken.None))));

        Assert.Equal(300, results.Count(result => !result.Outcomes[0].Refused));
        Assert.Equal(
            Enumerable.Range(1, 300).Select(i => (long)i),
            results.Where(result => !result.Outcomes[0].Refused).Select(result => result.Outcomes[0].Used).Order());
        Assert.InRange((await CallsAsync())["fcall"] - before["fcall"], 1, 999);
    }

    [Fact]
    public async Task What_has_no_record_leaves_Redis_when_it_no_longer_counts()
    {
        Subject organization = new(SubjectKind.Organization, "o");
        await Counters.SpendAsync(Spend(Rate(organization, "rate", 10, seconds: 100)), CancellationToken.None);

        string name = (await _redis!.CommandAsync("KEYS", "decision:1:{o:*")).Trim();
        long milliseconds = long.Parse(await _redis.CommandAsync("PTTL", name), CultureInfo.InvariantCulture);

        Assert.InRange(milliseconds, 90_000, 130_000);

        // A quota for life stays.
        await Counters.SpendAsync(Spend(Quota(organization, "quota", 10, seconds: 0)), CancellationToken.None);
        Assert.Equal("-1", await _redis.CommandAsync("PTTL", name));
    }

    [Fact]
    public async Task A_damaged_counter_fails_its_own_decisions_alone()
    {
        Charge damaged = Rate(Key("k1"), "rate", 10);
        Charge whole = Rate(Key("k2"), "rate", 1_000_000);
        await Counters.SpendAsync(Spend(damaged), CancellationToken.None);
        await _redis!.CommandAsync("HSET", "decision:1:{k1}", "c/rate", "nonsense");

        Task<SpendResult>[] fine = [.. Enumerable.Range(0, 200).Select(_ => Task.Run(async () => await Counters.SpendAsync(Spend(whole), CancellationToken.None)))];
        StoreException[] failed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(
            async () => await Assert.ThrowsAsync<StoreException>(async () => await Counters.SpendAsync(Spend(damaged), CancellationToken.None)))));

        Assert.All(failed, error => Assert.Contains("damaged", error.Message));
        Assert.All(await Task.WhenAll(fine), result => Assert.False(result.Outcomes[0].Refused));
        await Assert.ThrowsAsync<StoreException>(async () => await Counters.ReadAsync([damaged], CancellationToken.None));

        // As the message says: a reset clears it.
        await Counters.DeleteSubjectAsync(Key("k1"), CancellationToken.None);
        Assert.False((await Counters.SpendAsync(Spend(damaged), CancellationToken.None)).Outcomes[0].Refused);
    }

    [Fact]
    public async Task A_name_that_holds_something_else_is_told()
    {
        await _redis!.CommandAsync("SET", "decision:1:{k}", "somebody's");

        StoreException error = await Assert.ThrowsAsync<StoreException>(
            async () => await Counters.SpendAsync(Spend(Rate(Key("k"), "rate", 1)), CancellationToken.None));

        Assert.Contains("Redis:Prefix", error.Message);
    }

    [Fact]
    public async Task Scripts_that_Redis_forgot_are_given_to_it_again()
    {
        await _redis!.CommandAsync("SCRIPT", "FLUSH");

        SpendResult[] results = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            _ => Task.Run(async () => await Counters.SpendAsync(Spend(Rate(Key("k"), "rate", 10)), CancellationToken.None))));

        Assert.Equal(10, results.Count(result => !result.Outcomes[0].Refused));
    }

    private async Task<Dictionary<string, long>> CallsAsync() =>
        (await _redis!.CommandAsync("INFO", "commandstats")).Split('\n')
            .Where(line => line.StartsWith("cmdstat_", StringComparison.Ordinal))
            .Select(line => line["cmdstat_".Length..].Split(':'))
            .ToDictionary(parts => parts[0], parts => long.Parse(parts[1].Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));

    /// <summary>What is answered, and how many calls that took.</summary>
    private async Task<(SpendStatus Status, long Calls)> CountedAsync(Spending spending)
    {
        Dictionary<string, long> before = await CallsAsync();
        SpendResult result = await Counters.SpendAsync(spending, CancellationToken.None);
        Dictionary<string, long> after = await CallsAsync();

        // Each reads one hash; INFO is this test's own.
        Assert.Equal(1, after["hmget"] - before.GetValueOrDefault("hmget"));
        return (result.Status, after["fcall"] - before["fcall"]);
    }

    private async Task<long> ChangesAsync() => long.Parse(
        (await _redis!.CommandAsync("INFO", "persistence")).Split('\n')
            .Single(line => line.StartsWith("rdb_changes_since_last_save:", StringComparison.Ordinal)).Split(':')[1].Trim(),
        CultureInfo.InvariantCulture);
}
