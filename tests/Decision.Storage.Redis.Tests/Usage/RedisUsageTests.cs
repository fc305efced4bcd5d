using Decision.Runtime.Observation.Usage;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Usage;

public sealed class RedisUsageTests(SharedRedis shared) : UsageStoreContract
{
    private readonly string _prefix = SharedRedis.NewPrefix();
    private RedisStore? _redis;

    protected override long Today { get; } = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86_400 * 24;

    protected override async ValueTask<IUsageStore> OpenAsync()
    {
        _redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = _prefix);
        return _redis.Get<IUsageStore>();
    }

    protected override ValueTask CloseAsync() => _redis!.DisposeAsync();

    [Fact]
    public async Task AddAsync_adds_a_batch_once_whoever_tries_it_again()
    {
        await using var other = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = _prefix);
        UsageCount[] counts = [Of(UsageKind.Key, "k", 3, 2, 1)];

        await AddAsync("same", counts);
        await AddAsync("same", counts);
        await other.Get<IUsageStore>().AddAsync("another", counts, 30, 100, CancellationToken.None);

        Assert.Equal([Of(UsageKind.Key, "k", 3, 4, 2)], await ReadAsync(UsageKind.Key, "k", 0, 23));
    }

    [Fact]
    public async Task AddAsync_and_ClaimAsync_leave_nothing_that_stays_for_ever()
    {
        await AddAsync("a", Of(UsageKind.Key, "k", 0, 1, 0), Of(UsageKind.Api, "k", 0, 1, 0));
        await _redis!.Get<IUsageStore>().ClaimAsync("a", (Today + 48) * 3_600_000_000, 2_000_000, CancellationToken.None);
        var server = _redis.Connection.Multiplexer.GetServers()[0];
        var database = _redis.Connection.Multiplexer.GetDatabase();

        string[] names = [.. server.Keys(pattern: _prefix + "1:{usage}:*").Select(name => name.ToString())];

        Assert.Equal(4, names.Length);
        foreach (string name in names)
        {
            var left = await database.KeyTimeToLiveAsync(name);
            Assert.InRange(left!.Value, TimeSpan.FromHours(1), TimeSpan.FromDays(31));
        }
    }
}
