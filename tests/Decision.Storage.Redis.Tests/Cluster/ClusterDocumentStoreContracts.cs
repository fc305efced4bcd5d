using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Cluster;

[Collection(SharedCluster.Name)]
public class ClusterDocumentStoreContracts(SharedCluster shared) : DocumentStoreContract
{
    private RedisStore? _redis;

    protected override async ValueTask<IDocumentStore> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Cluster.Address, options => options.Prefix = SharedRedis.NewPrefix());
        return _redis.Get<IDocumentStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
