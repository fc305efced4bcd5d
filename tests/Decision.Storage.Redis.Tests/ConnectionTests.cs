using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.TestKit.Redis;
using Microsoft.Extensions.Options;

namespace Decision.Storage.Redis.Tests;

public class ConnectionTests(SharedRedis shared)
{
    [Fact]
    public async Task A_call_is_answered()
    {
        await using RedisStore store = await RedisStore.OpenAsync(shared.Server);

        Assert.False(store.Connection.IsCluster);
        Assert.True(await store.Get<RedisCalls>().AdministerAsync("test", database => database.PingAsync(), CancellationToken.None) >= TimeSpan.Zero);
    }

    [Fact]
    public async Task A_store_opens_without_Redis_and_answers_once_it_is_there()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        RedisCalls calls = store.Get<RedisCalls>();
        await Assert.ThrowsAsync<StoreException>(async () => await calls.DecideAsync("test", database => database.PingAsync(), CancellationToken.None));

        await store.WhenConnectedAsync(redis.RestartAsync);

        await calls.AdministerAsync("test", database => database.PingAsync(), CancellationToken.None);
    }

    [Theory]
    [InlineData("", "names no server")]
    [InlineData("127.0.0.1:6379,nonsense=1", "cannot be read")]
    public async Task A_connection_string_that_is_wrong_is_told_with_what_to_write(string configuration, string told)
    {
        OptionsValidationException wrong = await Assert.ThrowsAsync<OptionsValidationException>(() => RedisStore.OpenAsync(configuration));

        Assert.Contains(told, wrong.Message);
        Assert.Contains("host:port", wrong.Message);
    }

    [Fact]
    public async Task A_prefix_with_braces_is_told()
    {
        ArgumentException wrong = await Assert.ThrowsAsync<ArgumentException>(
            () => RedisStore.OpenAsync(shared.Server, options => options.Prefix = "a{b}:"));

        Assert.Contains("Redis:Prefix", wrong.Message);
    }
}
