using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Documents;

public class RedisDocumentHistoryContracts(SharedRedis shared) : DocumentHistoryContract
{
    private RedisStore? _redis;

    protected override async ValueTask<(IDocumentStore Documents, IDocumentHistory History)> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());
        return (_redis.Get<IDocumentStore>(), _redis.Get<IDocumentHistory>());
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
