using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Cluster;

[Collection(SharedCluster.Name)]
public class ClusterAuditStoreContracts(SharedCluster shared) : AuditStoreContract
{
    private RedisStore? _redis;

    protected override async ValueTask<IAuditStore> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Cluster.Address, options => options.Prefix = SharedRedis.NewPrefix());
        return _redis.Get<IAuditStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
