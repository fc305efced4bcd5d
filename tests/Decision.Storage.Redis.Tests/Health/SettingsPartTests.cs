using Decision.Runtime.Hosting;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Health;

public class SettingsPartTests
{
    [Fact]
    public async Task What_Redis_may_lose_is_told_until_it_is_set_right()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);

        Assert.Contains("appendonly off", await CheckAsync(store));
        await redis.CommandAsync("CONFIG", "SET", "appendonly", "yes");
        Assert.Null(await CheckAsync(store));
        await redis.CommandAsync("CONFIG", "SET", "appendfsync", "no");
        Assert.Contains("appendfsync no", await CheckAsync(store));
        await redis.CommandAsync("CONFIG", "SET", "appendfsync", "always");
        await redis.CommandAsync("CONFIG", "SET", "maxmemory-policy", "allkeys-lru");
        Assert.Null(await CheckAsync(store));
        await redis.CommandAsync("CONFIG", "SET", "maxmemory", "1gb");
        Assert.Contains("maxmemory-policy allkeys-lru", await CheckAsync(store));
        await redis.CommandAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
        Assert.Null(await CheckAsync(store));
    }

    [Fact]
    public async Task The_settings_are_read_at_the_start_and_at_each_connection()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        Assert.Null(PartOf(store).Problem);

        await WaitAsync(store, isWrong: true, redis.RestartAsync);
        await redis.CommandAsync("CONFIG", "SET", "appendonly", "yes");
        await WaitAsync(store, isWrong: false, () => redis.CommandAsync("CLIENT", "KILL", "TYPE", "normal"));
    }

    [Fact]
    public async Task A_user_that_may_not_ask_for_settings_has_statistics_ask_and_without_these_nothing_is_held_against_Redis()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--maxmemory", "1gb", "--maxmemory-policy", "volatile-lru");
        await redis.CommandAsync("ACL", "SETUSER", "limited", "on", ">p", "~*", "&*", "+@all", "-config");
        await redis.CommandAsync("ACL", "SETUSER", "blind", "on", ">p", "~*", "&*", "+@all", "-config", "-info");
        await using RedisStore limited = await RedisStore.OpenAsync(redis.Address + ",user=limited,password=p");
        await using RedisStore blind = await RedisStore.OpenAsync(redis.Address + ",user=blind,password=p");

        string? problem = await CheckAsync(limited);
        Assert.Contains("appendonly off", problem);
        Assert.Contains("volatile-lru", problem);
        Assert.Null(await CheckAsync(blind));
    }

    [Theory]
    [InlineData("6.0.16", true)]
    [InlineData("6.2.0", false)]
    [InlineData("7.0.15", false)]
    public void A_version_that_is_too_old_is_told(string version, bool isTold) =>
        Assert.Equal(isTold, RedisSettingsPart.ProblemsOf("host:1", Version.Parse(version), []).Any(problem => problem.Contains("6.2 or later")));

    private static IStatusPart PartOf(RedisStore store) =>
        Assert.Single(store.Get<IEnumerable<IStatusPart>>(), part => part.Name == "redis-settings");

    private static async Task<string?> CheckAsync(RedisStore store)
    {
        await store.Get<RedisSettingsPart>().CheckAsync();
        return PartOf(store).Problem;
    }

    private static async Task WaitAsync(RedisStore store, bool isWrong, Func<Task> act)
    {
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (PartOf(store).Problem is not null == isWrong)
            {
                seen.TrySetResult();
            }
        }

        RedisSettingsPart part = store.Get<RedisSettingsPart>();
        part.Checked += Look;
        await act();
        await seen.Task;
        part.Checked -= Look;
    }
}
