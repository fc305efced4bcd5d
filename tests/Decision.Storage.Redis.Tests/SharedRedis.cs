using Decision.TestKit.Redis;

[assembly: AssemblyFixture(typeof(Decision.Storage.Redis.Tests.SharedRedis))]

namespace Decision.Storage.Redis.Tests;

/// <summary>One Redis for the tests that leave it as it is; each takes a prefix of its own, so that none sees another's names.</summary>
public sealed class SharedRedis : IAsyncLifetime
{
    private RedisServer? _server;

    public RedisServer Server => _server!;

    public static string NewPrefix() => Guid.NewGuid().ToString("N") + ":";

    public async ValueTask InitializeAsync() => _server = await RedisServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
