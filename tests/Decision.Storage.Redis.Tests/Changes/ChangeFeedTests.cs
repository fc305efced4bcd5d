using Decision.Runtime.Stores;
using Decision.TestKit;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Changes;

public class ChangeFeedTests(SharedRedis shared)
{
    private static readonly Document Policy = new(DocumentKind.Policy, "gold", 1, "e1", "{}"u8.ToArray(), 5);

    [Fact]
    public async Task A_write_of_one_store_is_heard_of_by_another_and_by_itself()
    {
        string prefix = SharedRedis.NewPrefix();
        await using RedisStore writing = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = prefix);
        await using RedisStore hearing = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = prefix);
        await using RedisStore stranger = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());
        RecordingListener[] listeners = [new(), new()];
        foreach ((RedisStore store, RecordingListener listener) in new[] { hearing, writing }.Zip(listeners))
        {
            store.Get<IChangeFeed>().Subscribe(listener);
            await listener.WaitAsync("connected");
        }

        IKeyStore keys = writing.Get<IKeyStore>();
        IDocumentStore documents = writing.Get<IDocumentStore>();
        Assert.True(await stranger.Get<IKeyStore>().CreateAsync(KeyStoreContract.Record("other"), CancellationToken.None));
        Assert.True(await documents.PutAsync(Policy with { Kind = DocumentKind.FileLayer }, null, "update", CancellationToken.None));
        foreach (string word in new[] { "key k1", "key k1", "documents", "documents", "key k1" })
        {
            Assert.True(word switch
            {
                "documents" => await documents.PutAsync(Policy, null, "create", CancellationToken.None)
                    || await documents.DeleteAsync(DocumentKind.Policy, "gold", "", 5, CancellationToken.None),
                _ => await keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None)
                    || await keys.ReplaceAsync(KeyStoreContract.Record("k1", 2), 1, CancellationToken.None)
                    || await keys.DeleteAsync("k1", 2, CancellationToken.None),
            });
            foreach (RecordingListener listener in listeners)
            {
                Assert.Equal(word, await listener.NextAsync());
            }
        }
    }

    [Fact]
    public async Task A_write_that_changed_nothing_is_not_told_and_a_listener_that_left_hears_nothing()
    {
        await using RedisStore store = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());
        RecordingListener staying = new();
        RecordingListener leaving = new();
        store.Get<IChangeFeed>().Subscribe(staying);
        IDisposable subscription = store.Get<IChangeFeed>().Subscribe(leaving);
        await staying.WaitAsync("connected");
        IKeyStore keys = store.Get<IKeyStore>();
        await shared.Server.CommandAsync("PUBLISH", store.Get<RedisKeys>().Changes.ToString(), "word of a later version");
        Assert.True(await keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));
        Assert.Equal("key k1", await staying.NextAsync());
        Assert.Equal("key k1", await leaving.NextAsync());
        subscription.Dispose();

        Assert.False(await keys.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));
        Assert.False(await keys.ReplaceAsync(KeyStoreContract.Record("k1", 2), 9, CancellationToken.None));
        Assert.False(await keys.DeleteAsync("k2", 0, CancellationToken.None));
        Assert.True(await keys.CreateAsync(KeyStoreContract.Record("k3"), CancellationToken.None));
        Assert.Equal("key k3", await staying.NextAsync());

        store.Get<IChangeFeed>().Subscribe(leaving);
        Assert.True(await keys.CreateAsync(KeyStoreContract.Record("k4"), CancellationToken.None));
        Assert.Equal("key k4", await leaving.NextAsync());
    }

    [Fact]
    public async Task A_subscription_that_was_cut_stands_again_and_says_so()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        RecordingListener listener = new();
        store.Get<IChangeFeed>().Subscribe(listener);
        await listener.WaitAsync("connected");

        Assert.NotEqual("0", await redis.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub"));

        await listener.HearAsync("key k1", () => redis.CommandAsync("PUBLISH", "decision:1:changes", "key k1"));
    }

    [Fact]
    public async Task A_listener_without_Redis_hears_once_it_is_there_and_again_after_it_was_gone()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.KillAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        RecordingListener listener = new();
        store.Get<IChangeFeed>().Subscribe(listener);

        foreach (string word in new[] { "documents", "key k1" })
        {
            await redis.RestartAsync();
            await listener.HearAsync(word, () => redis.CommandAsync("PUBLISH", "decision:1:changes", word));
            await redis.KillAsync();
        }
    }
}
