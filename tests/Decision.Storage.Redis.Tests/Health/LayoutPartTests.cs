using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Health;

/// <summary>A server does not work on what a newer one has written in another layout.</summary>
public class LayoutPartTests(SharedRedis shared)
{
    private readonly string _prefix = SharedRedis.NewPrefix();

    [Fact]
    public async Task The_first_server_leaves_its_layout_and_the_next_goes_by_it()
    {
        await using RedisStore one = await OpenAsync();
        await using RedisStore other = await OpenAsync();

        Assert.Equal("1", await shared.Server.CommandAsync("GET", _prefix + "layout"));
        Assert.Null(PartOf(one).Problem);
        Assert.Null(PartOf(other).Problem);
    }

    [Fact]
    public async Task What_was_written_before_there_was_a_mark_is_read_as_it_is()
    {
        await using (RedisStore before = await OpenAsync())
        {
            await before.Get<IDocumentStore>().PutAsync(
                new Document(DocumentKind.Policy, "gold", 1, "e", "{}"u8.ToArray(), 0), null, "create", CancellationToken.None);
            await shared.Server.CommandAsync("DEL", _prefix + "layout");
        }

        await using RedisStore after = await OpenAsync();

        Assert.NotNull(await after.Get<IDocumentStore>().FindAsync(DocumentKind.Policy, "gold", CancellationToken.None));
        Assert.Equal("1", await shared.Server.CommandAsync("GET", _prefix + "layout"));
    }

    [Theory]
    [InlineData("2")]
    [InlineData("something else")]
    public async Task A_newer_layout_keeps_the_server_from_starting_and_stays_as_it_is(string layout)
    {
        await shared.Server.CommandAsync("SET", _prefix + "layout", layout);

        StoreException refused = await Assert.ThrowsAsync<StoreException>(async () => await OpenAsync());

        Assert.Contains($"(its layout is {layout}, this version knows up to 1): start the newer version, or set Redis:Prefix", refused.Message);
        Assert.Equal(layout, await shared.Server.CommandAsync("GET", _prefix + "layout"));
    }

    [Fact]
    public async Task A_newer_layout_that_is_found_after_the_start_is_told_until_it_is_gone()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using RedisStore store = await RedisStore.OpenAsync(redis);

        await redis.CommandAsync("SET", "decision:layout", "7");
        await WhenCheckedAsync(store, isWrong: true, redis);
        Assert.Contains("its layout is 7", PartOf(store).Problem);

        await redis.CommandAsync("SET", "decision:layout", "1");
        await WhenCheckedAsync(store, isWrong: false, redis);
    }

    private static RedisLayoutPart PartOf(RedisStore store) =>
        (RedisLayoutPart)Assert.Single(store.Get<IEnumerable<IStatusPart>>(), part => part.Name == "redis-layout");

    private static async Task WhenCheckedAsync(RedisStore store, bool isWrong, RedisServer redis)
    {
        RedisLayoutPart part = PartOf(store);
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        void Look()
        {
            if (part.Problem is not null == isWrong)
            {
                seen.TrySetResult();
            }
        }

        part.Checked += Look;
        await redis.CommandAsync("CLIENT", "KILL", "TYPE", "normal");
        await seen.Task;
        part.Checked -= Look;
    }

    private Task<RedisStore> OpenAsync() => RedisStore.OpenAsync(shared.Server, options => options.Prefix = _prefix);
}
