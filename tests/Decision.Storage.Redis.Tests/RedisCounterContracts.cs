using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Storage.Redis.Tests;

/// <summary>The counters of the contract on a real Redis, whose scripts take the contract's clock.</summary>
public class RedisCounterContracts(SharedRedis shared) : CounterStoreContract
{
    private RedisStore? _store;

    protected override async ValueTask<ICounterStore> OpenAsync()
    {
        string prefix = SharedRedis.NewPrefix();
        _store = await RedisStore.OpenAsync(
            shared.Server,
            options =>
            {
                options.Prefix = prefix;

                // The contract is not about deadlines, and the machine may be busy.
                options.Timeout = TimeSpan.FromSeconds(10);
            },
            services => services.AddSingleton(new ScriptClock(() => NowUs)));
        return _store.Get<ICounterStore>();
    }

    protected override ValueTask CloseAsync() => _store!.DisposeAsync();
}
