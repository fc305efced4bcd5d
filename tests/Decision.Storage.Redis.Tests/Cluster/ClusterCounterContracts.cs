using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Storage.Redis.Tests.Cluster;

/// <summary>The counters of the contract on a cluster, where the subjects of a spending lie in several slots.</summary>
[Collection(SharedCluster.Name)]
public class ClusterCounterContracts(SharedCluster shared) : CounterStoreContract
{
    private RedisStore? _redis;

    protected override async ValueTask<ICounterStore> OpenAsync()
    {
        string prefix = SharedRedis.NewPrefix();
        _redis = await RedisStore.OpenAsync(
            shared.Cluster.Address,
            options =>
            {
                options.Prefix = prefix;
                options.Timeout = TimeSpan.FromSeconds(10);
            },
            services => services.AddSingleton(new ScriptClock(() => NowUs)));
        Assert.True(_redis.Connection.IsCluster);
        return _redis.Get<ICounterStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
