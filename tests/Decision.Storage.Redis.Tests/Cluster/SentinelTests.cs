using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Cluster;

/// <summary>Which server the store goes to where Sentinels name it, and what it says where they name none.</summary>
public sealed class SentinelTests : IAsyncLifetime
{
    private readonly List<RedisServer> _started = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (RedisServer server in _started)
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task The_password_of_the_servers_is_not_for_the_Sentinels()
    {
        RedisServer master = await ServerAsync("--requirepass", "of-the-servers");
        RedisServer sentinel = await SentinelAsync(master, $"sentinel auth-pass {RedisSentinel.Service} of-the-servers");
        await using RedisStore store = await RedisStore.OpenAsync(AddressOf(sentinel) + ",password=of-the-servers");

        Assert.Equal(master.Port, await PortAsync(store));
    }

    [Fact]
    public async Task Sentinels_have_credentials_of_their_own()
    {
        RedisServer sentinel = await SentinelAsync(await ServerAsync(), "user asker on >of-the-sentinels ~* &* +@all", "user default off");
        await using RedisStore without = await RedisStore.OpenAsync(AddressOf(sentinel));
        await using RedisStore with = await RedisStore.OpenAsync(
            AddressOf(sentinel), options => (options.SentinelUser, options.SentinelPassword) = ("asker", "of-the-sentinels"));

        Assert.Contains("Redis:SentinelPassword", (await Assert.ThrowsAsync<StoreException>(() => PortAsync(without))).Message);
        Assert.Equal(_started[0].Port, await PortAsync(with));
    }

    [Fact]
    public async Task A_set_that_the_Sentinels_do_not_know_is_told()
    {
        RedisServer sentinel = await SentinelAsync(await ServerAsync());
        await using RedisStore store = await RedisStore.OpenAsync($"{sentinel.Address},serviceName=another");

        string told = (await Assert.ThrowsAsync<StoreException>(() => PortAsync(store))).Message;

        Assert.Contains("a master of another", told);
        Assert.Contains("serviceName", told);
    }

    [Fact]
    public async Task Sentinels_that_are_not_there_are_told_and_asked_until_they_are()
    {
        RedisServer sentinel = await SentinelAsync(await ServerAsync());
        await sentinel.KillAsync();
        await using RedisStore store = await RedisStore.OpenAsync(AddressOf(sentinel));
        string told = (await Assert.ThrowsAsync<StoreException>(() => PortAsync(store))).Message;

        await store.WhenConnectedAsync(sentinel.RestartAsync);

        Assert.Contains("No Sentinel names a master of mymaster", told);
        Assert.Equal(_started[0].Port, await PortAsync(store));
    }

    [Fact]
    public async Task A_store_opens_without_a_master_and_answers_once_it_is_there()
    {
        RedisServer master = await ServerAsync();
        RedisServer sentinel = await SentinelAsync(master);
        await master.KillAsync();
        await using RedisStore store = await RedisStore.OpenAsync(AddressOf(sentinel));
        string told = (await Assert.ThrowsAsync<StoreException>(() => PortAsync(store))).Message;

        await store.WhenConnectedAsync(master.RestartAsync);

        Assert.Contains("The master of mymaster", told);
        Assert.Equal(master.Port, await PortAsync(store));
    }

    [Fact]
    public async Task A_Sentinel_that_missed_a_failover_is_not_believed()
    {
        await using RedisSentinel set = await RedisSentinel.StartAsync(1);
        RedisServer old = await set.MasterAsync();
        await set.FailOverAsync();
        RedisServer master = await set.OtherMasterAsync(old);

        // It knows nobody, and names a server that is not of the set.
        RedisServer late = await SentinelAsync(await ServerAsync());
        await using RedisStore store = await RedisStore.OpenAsync($"{late.Address},{set.Address}");

        Assert.Equal(master.Port, await PortAsync(store));
    }

    private static string AddressOf(RedisServer sentinel) => $"{sentinel.Address},serviceName={RedisSentinel.Service}";

    /// <summary>The port of the server that answers.</summary>
    private static async Task<int> PortAsync(RedisStore store)
    {
        string info = await store.Get<RedisCalls>().AdministerAsync(
            "test", async database => (string?)await database.ExecuteAsync("INFO", "server"), CancellationToken.None) ?? "";
        return int.Parse(info.Split('\n').Single(line => line.StartsWith("tcp_port:", StringComparison.Ordinal)).Split(':')[1], null);
    }

    private async Task<RedisServer> ServerAsync(params string[] arguments)
    {
        _started.Add(await RedisServer.StartAsync(arguments));
        return _started[^1];
    }

    private async Task<RedisServer> SentinelAsync(RedisServer master, params string[] settings)
    {
        _started.Add(await RedisServer.StartSentinelAsync([$"sentinel monitor {RedisSentinel.Service} 127.0.0.1 {master.Port} 1", .. settings]));
        return _started[^1];
    }
}
