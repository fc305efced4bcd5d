using System.Globalization;
using System.Text;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Documents;
using Decision.Storage.Redis.Tests.Changes;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Documents;

public class DocumentStoreTests(SharedRedis shared)
{
    private readonly string _prefix = SharedRedis.NewPrefix();

    private static Document Written(DocumentKind kind, string id, long revision, string json = "{}") =>
        new(kind, id, revision, $"e{revision}", Encoding.UTF8.GetBytes(json), 5);

    private Task<RedisStore> OpenAsync() => RedisStore.OpenAsync(shared.Server, options => options.Prefix = _prefix);

    [Fact]
    public async Task RevisionAsync_tells_writes_of_another_store_but_not_what_changed_nothing()
    {
        await using RedisStore writing = await OpenAsync();
        await using RedisStore reading = await OpenAsync();
        IDocumentStore documents = writing.Get<IDocumentStore>();
        RedisDocumentStore others = reading.Get<RedisDocumentStore>();
        HashSet<long> seen = [await others.RevisionAsync(CancellationToken.None)];

        Assert.True(await documents.PutAsync(Written(DocumentKind.Policy, "gold", 1), null, "create", CancellationToken.None));
        Assert.True(seen.Add(await others.RevisionAsync(CancellationToken.None)));
        Assert.True(await documents.PutAsync(Written(DocumentKind.Api, "gold", 1), null, "create", CancellationToken.None));
        Assert.True(seen.Add(await others.RevisionAsync(CancellationToken.None)));
        Assert.True(await documents.DeleteAsync(DocumentKind.Policy, "gold", "e1", 9, CancellationToken.None));
        Assert.True(seen.Add(await others.RevisionAsync(CancellationToken.None)));

        Assert.False(await documents.PutAsync(Written(DocumentKind.Api, "gold", 2), null, "create", CancellationToken.None));
        Assert.False(await documents.DeleteAsync(DocumentKind.Policy, "gold", "", 9, CancellationToken.None));
        Assert.False(seen.Add(await others.RevisionAsync(CancellationToken.None)));
    }

    [Fact]
    public async Task A_file_layer_keeps_no_history_and_changes_nothing_for_others_but_gives_no_number_twice()
    {
        await using RedisStore store = await OpenAsync();
        IDocumentStore documents = store.Get<IDocumentStore>();

        Assert.True(await documents.PutAsync(Written(DocumentKind.FileLayer, "a", 1), null, "update", CancellationToken.None));
        Assert.True(await documents.PutAsync(Written(DocumentKind.FileLayer, "a", 2, "[2]"), "e1", "update", CancellationToken.None));
        Assert.False(await documents.PutAsync(Written(DocumentKind.FileLayer, "a", 2), "", "update", CancellationToken.None));
        Assert.True(await documents.DeleteAsync(DocumentKind.FileLayer, "a", "", 9, CancellationToken.None));
        Assert.False(await documents.PutAsync(Written(DocumentKind.FileLayer, "a", 3), null, "update", CancellationToken.None));
        Assert.True(await documents.PutAsync(Written(DocumentKind.FileLayer, "a", 4, "[4]"), null, "update", CancellationToken.None));

        Assert.Equal("[4]"u8.ToArray(), (await documents.FindAsync(DocumentKind.FileLayer, "a", CancellationToken.None))!.Json.ToArray());
        Assert.Empty(await documents.RevisionsAsync(DocumentKind.FileLayer, "a", 0, 10, CancellationToken.None));
        Assert.Equal(0, await store.Get<RedisDocumentStore>().RevisionAsync(CancellationToken.None));
    }

    [Fact]
    public async Task WriteAllAsync_is_one_change_for_the_others()
    {
        await using RedisStore writing = await OpenAsync();
        await using RedisStore reading = await OpenAsync();
        RecordingListener listener = new();
        using IDisposable subscription = reading.Get<IChangeFeed>().Subscribe(listener);
        await listener.WaitAsync("connected");

        Assert.NotNull(await writing.Get<IDocumentStore>().WriteAllAsync(
            [.. Enumerable.Range(0, 50).Select(number => Write($"p{number}", "[1]"))], 5, CancellationToken.None));
        await shared.Server.CommandAsync("PUBLISH", _prefix + "1:changes", "key after");

        Assert.Equal("documents", await listener.NextAsync());
        Assert.Equal("key after", await listener.NextAsync());
    }

    [Fact]
    public async Task LoadAsync_while_many_are_written_together_never_gives_a_part()
    {
        await using RedisStore writing = await OpenAsync();
        await using RedisStore reading = await OpenAsync();
        IDocumentStore documents = writing.Get<IDocumentStore>();
        Assert.NotNull(await documents.WriteAllAsync(Round(0), 5, CancellationToken.None));
        using CancellationTokenSource enough = new();
        Task writes = Task.Run(async () =>
        {
            for (int round = 1; !enough.IsCancellationRequested; round++)
            {
                Assert.NotNull(await documents.WriteAllAsync(Round(round), 5, CancellationToken.None));
            }
        });

        HashSet<string> seen = [];
        for (int load = 0; load < 30; load++)
        {
            IReadOnlyList<Document> all = await reading.Get<IDocumentStore>().LoadAsync(DocumentKind.Policy, CancellationToken.None);
            string[] contents = [.. all.Select(one => Encoding.UTF8.GetString(one.Json.Span)).Distinct()];
            Assert.Equal(1_000, all.Count);
            seen.Add(Assert.Single(contents));
        }

        await enough.CancelAsync();
        await writes;
        Assert.True(seen.Count > 1, "Nothing was written meanwhile.");

        // More than a scan reads at once.
        static DocumentWrite[] Round(int round) => [.. Enumerable.Range(0, 1_000).Select(number => Write($"p{number}", $"[{round}]"))];
    }

    private static DocumentWrite Write(string id, string json) =>
        new(DocumentKind.Policy, id, "", "e", Encoding.UTF8.GetBytes(json), "update");

    [Fact]
    public async Task LoadAsync_reads_more_than_a_page_whole_and_in_order()
    {
        await using RedisStore store = await OpenAsync();
        IDocumentStore documents = store.Get<IDocumentStore>();
        string[] ids = [.. Enumerable.Range(0, 1_000).Select(i => i.ToString("0000", CultureInfo.InvariantCulture))];
        foreach (string id in ids)
        {
            Assert.True(await documents.PutAsync(Written(DocumentKind.Policy, id, 1, $"[\"{id}\"]"), null, "create", CancellationToken.None));
        }

        IReadOnlyList<Document> loaded = await documents.LoadAsync(DocumentKind.Policy, CancellationToken.None);

        Assert.Equal(ids, loaded.Select(document => document.Id));
        Assert.All(loaded, document => Assert.Equal($"[\"{document.Id}\"]", Encoding.UTF8.GetString(document.Json.Span)));
    }

    [Theory]
    [InlineData("2\n1\n5\ne1\n{}")]
    [InlineData("1\nx\n5\ne1\n{}")]
    [InlineData("{}")]
    public async Task A_document_that_cannot_be_read_is_told_and_not_written_over(string value)
    {
        await using RedisStore store = await OpenAsync();
        IDocumentStore documents = store.Get<IDocumentStore>();
        await RedisCli.RunAsync(shared.Server.Port, "HSET", _prefix + "1:{catalog}:policies", "gold", value);

        StoreException found = await Assert.ThrowsAsync<StoreException>(
            async () => await documents.FindAsync(DocumentKind.Policy, "gold", CancellationToken.None));
        StoreException put = await Assert.ThrowsAsync<StoreException>(
            async () => await documents.PutAsync(Written(DocumentKind.Policy, "gold", 7), "", "update", CancellationToken.None));

        Assert.Contains("newer version", found.Message);
        Assert.Contains("newer version", put.Message);
        Assert.Equal(value, await RedisCli.RunAsync(shared.Server.Port, "HGET", _prefix + "1:{catalog}:policies", "gold"));
    }

    [Fact]
    public async Task A_name_that_holds_something_else_is_told()
    {
        await using RedisStore store = await OpenAsync();
        await RedisCli.RunAsync(shared.Server.Port, "SET", _prefix + "1:{catalog}:policies", "x");

        StoreException put = await Assert.ThrowsAsync<StoreException>(
            async () => await store.Get<IDocumentStore>().PutAsync(Written(DocumentKind.Policy, "gold", 1), null, "create", CancellationToken.None));

        Assert.Contains("Redis:Prefix", put.Message);
    }
}
