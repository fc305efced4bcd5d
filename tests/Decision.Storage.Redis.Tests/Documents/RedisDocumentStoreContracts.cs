using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Documents;

public class RedisDocumentStoreContracts(SharedRedis shared) : DocumentStoreContract
{
    private RedisStore? _redis;

    protected override async ValueTask<IDocumentStore> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());
        return _redis.Get<IDocumentStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
