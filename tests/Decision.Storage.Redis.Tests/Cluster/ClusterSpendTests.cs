using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.TestKit;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests.Cluster;

/// <summary>Spendings whose subjects lie in several slots: shared ones first, the key last, and back where a later one refuses.</summary>
[Collection(SharedCluster.Name)]
public sealed class ClusterSpendTests(SharedCluster shared) : IAsyncLifetime
{
    private RedisStore? _redis;

    private ICounterStore Counters => _redis!.Get<ICounterStore>();

    public async ValueTask InitializeAsync()
    {
        _redis = await RedisStore.OpenAsync(
            shared.Cluster.Address,
            options =>
            {
                options.Prefix = SharedRedis.NewPrefix();
                options.Timeout = TimeSpan.FromSeconds(10);
            });
        Assert.True(_redis.Connection.IsCluster);
    }

    public ValueTask DisposeAsync() => _redis!.DisposeAsync();

    [Fact]
    public async Task Where_the_key_refuses_the_shared_counters_take_back_what_they_counted()
    {
        Charge[] charges = [.. Shared(10), Quota(Key("k"), "quota", 2)];

        Assert.True(await AdmitsAsync(charges));
        Assert.True(await AdmitsAsync(charges));
        for (int i = 0; i < 5; i++)
        {
            Assert.False(await AdmitsAsync(charges));
        }

        Assert.All(await Counters.ReadAsync(charges, CancellationToken.None), reading => Assert.Equal(2, reading.Used));
    }

    [Fact]
    public async Task A_changed_key_leaves_nothing_counted()
    {
        Assert.True(await _redis!.Get<IKeyStore>().CreateAsync(KeyStoreContract.Record("k", 7), CancellationToken.None));
        Charge[] charges = [.. Shared(10), Quota(Key("k"), "quota", 2)];

        SpendResult changed = await Counters.SpendAsync(Spend(charges) with { KeyId = "k", KeyVersion = 6 }, CancellationToken.None);
        SpendResult same = await Counters.SpendAsync(Spend(charges) with { KeyId = "k", KeyVersion = 7 }, CancellationToken.None);

        Assert.Equal((SpendStatus.KeyChanged, SpendStatus.Done), (changed.Status, same.Status));
        Assert.All(await Counters.ReadAsync(charges, CancellationToken.None), reading => Assert.Equal(1, reading.Used));
    }

    [Fact]
    public async Task Many_at_once_never_pass_the_smallest_limit_and_count_alike_everywhere()
    {
        Charge[] charges = [.. Shared(200), Quota(Key("k"), "quota", 120)];

        bool[] admitted = await Task.WhenAll(Enumerable.Range(0, 400).Select(_ => Task.Run(() => AdmitsAsync(charges))));

        // Others may be refused while one takes back, so that it may be less; what is counted is what was admitted.
        int count = admitted.Count(each => each);
        Assert.InRange(count, 1, 120);
        Assert.All(await Counters.ReadAsync(charges, CancellationToken.None), reading => Assert.Equal(count, reading.Used));
    }

    [Fact]
    public async Task Each_master_decides_by_the_function()
    {
        await AdmitsAsync([Quota(Key("first"), "quota", 10)]);
        await _redis!.Get<DecideClient>().Tried;
        long before = await CallsAsync("evalsha") + await CallsAsync("eval");
        long[] functions = await Task.WhenAll(shared.Cluster.Masters.Select(master => master.CallsAsync("fcall")));

        for (int i = 0; i < 40; i++)
        {
            Assert.True(await AdmitsAsync([Quota(Key($"k{i}"), "quota", 10)]));
        }

        long[] after = await Task.WhenAll(shared.Cluster.Masters.Select(master => master.CallsAsync("fcall")));
        Assert.All(after.Zip(functions), counts => Assert.True(counts.First > counts.Second, $"{counts.Second} calls before, {counts.First} after"));
        Assert.Equal(40, after.Sum() - functions.Sum());
        Assert.Equal(before, await CallsAsync("evalsha") + await CallsAsync("eval"));

        async Task<long> CallsAsync(string command) => (await Task.WhenAll(shared.Cluster.Masters.Select(master => master.CallsAsync(command)))).Sum();
    }

    private static Charge[] Shared(long max) =>
    [
        Rate(new Subject(SubjectKind.Organization, "o"), "rate", max),
        Quota(new Subject(SubjectKind.Organization, "o"), "quota", max),
        Rate(new Subject(SubjectKind.Api, "a"), "rate", max, algorithm: Engine.Limits.RateAlgorithm.TokenBucket, seconds: 1_000_000),
        Rate(Subject.ForPattern("o", "p"), "rate", max, algorithm: Engine.Limits.RateAlgorithm.SlidingWindow, seconds: 1_000_000),
    ];

    private async Task<bool> AdmitsAsync(Charge[] charges)
    {
        SpendResult result = await Counters.SpendAsync(Spend(charges), CancellationToken.None);
        Assert.Equal(SpendStatus.Done, result.Status);
        return !Enumerable.Range(0, charges.Length).Any(i => result.Outcomes[i].Refused);
    }
}
