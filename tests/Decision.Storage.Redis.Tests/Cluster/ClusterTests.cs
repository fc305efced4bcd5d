using Decision.Runtime.Stores;
using Decision.Storage.Redis.Tests.Changes;
using Decision.TestKit;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Cluster;

[Collection(SharedCluster.Name)]
public class ClusterTests(SharedCluster shared)
{
    [Fact]
    public async Task Writes_on_any_master_are_heard_of()
    {
        await using RedisStore store = await RedisStore.OpenAsync(shared.Cluster.Address, options => options.Prefix = SharedRedis.NewPrefix());
        RecordingListener listener = new();
        store.Get<IChangeFeed>().Subscribe(listener);
        await listener.WaitAsync("connected");

        for (int i = 0; i < 12; i++)
        {
            Assert.True(await store.Get<IKeyStore>().CreateAsync(KeyStoreContract.Record("k" + i), CancellationToken.None));
            Assert.Equal("key k" + i, await listener.NextAsync());
        }

        string[] keys = await Task.WhenAll(shared.Cluster.Masters.Select(master => master.CommandAsync("DBSIZE")));
        Assert.DoesNotContain("0", keys);
    }

    [Fact]
    public async Task Settings_are_read_of_every_master()
    {
        await using RedisStore store = await RedisStore.OpenAsync(shared.Cluster.Address);

        await store.Get<RedisSettingsPart>().CheckAsync();

        Assert.All(shared.Cluster.Masters, master => Assert.Contains($"{master.Address} has appendonly off", store.Get<RedisSettingsPart>().Problem));
    }

    [Fact]
    public async Task A_master_that_takes_no_writes_is_told()
    {
        await using RedisCluster cluster = await RedisCluster.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(cluster.Address);
        IStoreHealth health = Assert.Single(store.Get<IEnumerable<IStoreHealth>>(), part => part.Part == "redis");
        Assert.Null(await health.CheckAsync(CancellationToken.None));

        foreach (RedisServer master in cluster.Masters)
        {
            await master.CommandAsync("CONFIG", "SET", "maxmemory", "1");
            Assert.Contains("out of memory", await health.CheckAsync(CancellationToken.None));
            await master.CommandAsync("CONFIG", "SET", "maxmemory", "0");
            Assert.Null(await health.CheckAsync(CancellationToken.None));
        }
    }
}
