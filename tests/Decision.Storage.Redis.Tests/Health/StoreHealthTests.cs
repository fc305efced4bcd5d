using Decision.Runtime.Stores;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Health;

public class StoreHealthTests
{
    [Fact]
    public async Task A_Redis_that_answers_is_well_and_one_that_was_killed_is_told_until_it_is_back()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        Assert.Null(await CheckAsync(store));

        // The mark of the layout, and nothing of the probe.
        Assert.Equal("1", await redis.CommandAsync("DBSIZE"));

        await redis.KillAsync();
        Assert.Contains("cannot be reached", await CheckAsync(store));

        await store.WhenConnectedAsync(redis.RestartAsync);
        Assert.Null(await CheckAsync(store));
    }

    [Fact]
    public async Task A_Redis_that_stands_still_is_told_within_the_patience_of_who_asks()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        redis.Pause();
        try
        {
            Assert.Contains("did not answer in time", await CheckAsync(store));
        }
        finally
        {
            redis.Resume();
        }
    }

    [Fact]
    public async Task A_wrong_password_is_told_without_the_password_at_the_start_and_when_it_becomes_wrong()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--requirepass", "right");
        await using RedisStore wrong = await RedisStore.OpenAsync(redis.Address + ",password=wr0ng-s3cret");
        await using RedisStore right = await RedisStore.OpenAsync(redis.Address + ",password=right");
        await wrong.Connection.StartAsync(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
        Assert.Null(await CheckAsync(right));
        await AssertToldAsync(wrong, "wr0ng-s3cret");

        await redis.CommandAsync("-a", "right", "--no-auth-warning", "CONFIG", "SET", "requirepass", "changed");
        await redis.CommandAsync("-a", "changed", "--no-auth-warning", "CLIENT", "KILL", "TYPE", "normal");

        await AssertToldAsync(right, "right");
    }

    [Fact]
    public async Task A_read_only_replica_is_told()
    {
        await using RedisServer master = await RedisServer.StartAsync();
        await using RedisServer replica = await RedisServer.StartAsync("--replicaof", $"127.0.0.1 {master.Port}");
        await using RedisStore store = await RedisStore.OpenAsync(replica);

        Assert.Contains("read-only", await CheckAsync(store));
    }

    [Fact]
    public async Task A_Redis_that_becomes_a_replica_is_told()
    {
        await using RedisServer master = await RedisServer.StartAsync();
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        Assert.Null(await CheckAsync(store));

        await redis.CommandAsync("REPLICAOF", "127.0.0.1", master.Port.ToString(System.Globalization.CultureInfo.InvariantCulture));

        Assert.Contains("read-only", await CheckAsync(store));
    }

    [Fact]
    public async Task A_Redis_without_memory_is_told()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--maxmemory-policy", "noeviction");
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        await redis.CommandAsync("CONFIG", "SET", "maxmemory", "1mb");
        await redis.CommandAsync("EVAL", "return pcall(redis.call, 'SET', 'x', string.rep('x', 2000000)) and 1", "0");

        Assert.Contains("out of memory", await CheckAsync(store));
    }

    [Fact]
    public async Task A_user_without_the_right_to_write_is_told()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.CommandAsync("ACL", "SETUSER", "reader", "on", ">p", "~*", "&*", "+@all", "-@write");
        await using RedisStore store = await RedisStore.OpenAsync(redis.Address + ",user=reader,password=p");

        Assert.Contains("ACL", await CheckAsync(store));
    }

    // An attempt to connect may end for want of time: the next question tells.
    private static async Task AssertToldAsync(RedisStore store, string secret)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        string problem;
        do
        {
            problem = await CheckAsync(store) ?? "";
            Assert.DoesNotContain(secret, problem);
        }
        while (!problem.Contains("credentials", StringComparison.Ordinal) && !patience.IsCancellationRequested);

        Assert.Contains("credentials", problem);
    }

    private static async Task<string?> CheckAsync(RedisStore store)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(1));
        return await Assert.Single(store.Get<IEnumerable<IStoreHealth>>(), part => part.Part == "redis").CheckAsync(patience.Token);
    }
}
