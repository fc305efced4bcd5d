using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Audit;

public class RedisAuditStoreContracts(SharedRedis shared) : AuditStoreContract
{
    private RedisStore? _redis;

    protected override async ValueTask<IAuditStore> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());
        return _redis.Get<IAuditStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
