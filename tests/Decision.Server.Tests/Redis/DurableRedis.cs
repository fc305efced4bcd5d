using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>A Redis that keeps what it acknowledged over kill -9.</summary>
internal static class DurableRedis
{
    public static Task<RedisServer> StartAsync() => RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
}
