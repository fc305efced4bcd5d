using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Storage.Redis.Tests;

/// <summary>Counters carried out of one part of a Redis and into another.</summary>
public class RedisTransferContracts(SharedRedis shared) : CounterTransferContract
{
    private readonly List<RedisStore> _stores = [];

    protected override async ValueTask<(ICounterStore Counters, ICounterTransfer Transfer)> OpenAsync()
    {
        string prefix = SharedRedis.NewPrefix();
        RedisStore store = await RedisStore.OpenAsync(
            shared.Server,
            options =>
            {
                options.Prefix = prefix;
                options.Timeout = TimeSpan.FromSeconds(10);
            },
            services => services.AddSingleton(new ScriptClock(() => (Time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond)));
        _stores.Add(store);
        return (store.Get<ICounterStore>(), store.Get<ICounterTransfer>());
    }

    protected override async ValueTask CloseAsync()
    {
        foreach (RedisStore store in _stores)
        {
            await store.DisposeAsync();
        }
    }
}
