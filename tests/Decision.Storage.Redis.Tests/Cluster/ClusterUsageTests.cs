using Decision.Runtime.Observation.Usage;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Cluster;

[Collection(SharedCluster.Name)]
public class ClusterUsageTests(SharedCluster shared) : UsageStoreContract
{
    private RedisStore? _redis;

    protected override long Today { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86_400 * 24;

    protected override async ValueTask<IUsageStore> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Cluster.Address, options => options.Prefix = SharedRedis.NewPrefix());
        return _redis.Get<IUsageStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
