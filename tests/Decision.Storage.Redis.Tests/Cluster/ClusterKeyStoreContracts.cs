using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Cluster;

[Collection(SharedCluster.Name)]
public class ClusterKeyStoreContracts(SharedCluster shared) : KeyStoreContract
{
    private RedisStore? _redis;

    protected override async ValueTask<IKeyStore> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Cluster.Address, options => options.Prefix = SharedRedis.NewPrefix());
        Assert.True(_redis.Connection.IsCluster);
        return _redis.Get<IKeyStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
