using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Keys;

public class RedisKeyStoreContracts(SharedRedis shared) : KeyStoreContract
{
    private RedisStore? _redis;

    protected override async ValueTask<IKeyStore> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());
        return _redis.Get<IKeyStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();
}
