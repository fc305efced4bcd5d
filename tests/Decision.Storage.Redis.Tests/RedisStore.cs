using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Decision.TestKit.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Decision.Storage.Redis.Tests;

/// <summary>The store as a server composes it, on a real Redis.</summary>
internal sealed class RedisStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private RedisStore(ServiceProvider services) => _services = services;

    public RedisConnection Connection => Get<RedisConnection>();

    public static Task<RedisStore> OpenAsync(RedisServer redis, Action<RedisStorageOptions>? configure = null, Action<IServiceCollection>? replace = null) =>
        OpenAsync(redis.Address, configure, replace);

    public static async Task<RedisStore> OpenAsync(string configuration, Action<RedisStorageOptions>? configure = null, Action<IServiceCollection>? replace = null)
    {
        ServiceCollection services = new();
        services.AddLogging();
        services.AddMetrics();
        services.AddRedisStorage(options =>
        {
            options.Configuration = configuration;

            // Tests share the machine with others; those of the deadline set their own.
            options.Timeout = TimeSpan.FromSeconds(5);
            configure?.Invoke(options);
        });
        replace?.Invoke(services);
        RedisStore store = new(services.BuildServiceProvider());
        foreach (IHostedLifecycleService service in store._services.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
        }

        return store;
    }

    /// <summary>Does something, and waits until commands can be sent after it; a connection for messages alone is not enough.</summary>
    public async Task WhenConnectedAsync(Func<Task> act)
    {
        TaskCompletionSource connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (Connection.Multiplexer.GetServers().Any(server => server.IsConnected))
            {
                connected.TrySetResult();
            }
        }

        Connection.Established += Look;
        await act();
        await connected.Task;
        Connection.Established -= Look;
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
