using System.Text;
using Decision.Runtime.Stores;

namespace Decision.TestKit;

/// <summary>What every store of documents must do.</summary>
public abstract partial class DocumentStoreContract : IAsyncLifetime
{
    private IDocumentStore? _store;

    protected IDocumentStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<IDocumentStore> OpenAsync();

    protected abstract ValueTask CloseAsync();

    protected static Document Policy(string id, long revision, string json = "{}", string? etag = null) =>
        new(DocumentKind.Policy, id, revision, etag ?? $"e{revision}", Encoding.UTF8.GetBytes(json), 1_000_000 + revision);

    protected Task<bool> PutAsync(Document next, string? expectedEtag, string change = "update") =>
        Store.PutAsync(next, expectedEtag, change, CancellationToken.None).AsTask();

    protected static void AssertSame(Document expected, Document? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(expected with { Json = default }, actual with { Json = default });
        Assert.Equal(expected.Json.ToArray(), actual.Json.ToArray());
    }

    [Fact]
    public async Task FindAsync_of_a_written_document_gives_it_back_to_the_byte()
    {
        Document policy = Policy("gold", 1, "{ \"id\":\"gold\", \"name\" : \"Größe \U0001F600\" }");

        Assert.True(await PutAsync(policy, null, "create"));

        AssertSame(policy, await Store.FindAsync(DocumentKind.Policy, "gold", CancellationToken.None));
        Assert.Null(await Store.FindAsync(DocumentKind.Api, "gold", CancellationToken.None));
        Assert.Null(await Store.FindAsync(DocumentKind.Policy, "Gold", CancellationToken.None));
    }

    [Fact]
    public async Task LoadAsync_gives_all_of_a_kind_in_the_order_of_their_ids()
    {
        foreach (string id in new[] { "b", "a-2", "B", "a", "_" })
        {
            Assert.True(await PutAsync(Policy(id, 1), null));
        }

        Assert.True(await PutAsync(Policy("api", 1) with { Kind = DocumentKind.Api }, null));

        IReadOnlyList<Document> policies = await Store.LoadAsync(DocumentKind.Policy, CancellationToken.None);

        Assert.Equal(["B", "_", "a", "a-2", "b"], policies.Select(policy => policy.Id));
        Assert.Empty(await Store.LoadAsync(DocumentKind.FileLayer, CancellationToken.None));
    }

    [Fact]
    public async Task PutAsync_that_expects_none_where_there_is_one_changes_nothing()
    {
        Document first = Policy("gold", 1);
        Assert.True(await PutAsync(first, null));

        Assert.False(await PutAsync(Policy("gold", 2, "[]"), null));

        AssertSame(first, await Store.FindAsync(DocumentKind.Policy, "gold", CancellationToken.None));
        Assert.Single(await Store.RevisionsAsync(DocumentKind.Policy, "gold", 0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task PutAsync_that_expects_another_etag_changes_nothing()
    {
        Assert.True(await PutAsync(Policy("gold", 1), null));

        Assert.False(await PutAsync(Policy("gold", 2), "e0"));
        Assert.False(await PutAsync(Policy("silver", 1), "e0"));

        Assert.Null(await Store.FindAsync(DocumentKind.Policy, "silver", CancellationToken.None));
    }

    [Fact]
    public async Task PutAsync_that_expects_the_stored_etag_or_anything_replaces()
    {
        Assert.True(await PutAsync(Policy("gold", 1), null));
        Assert.True(await PutAsync(Policy("gold", 2, "[2]"), "e1"));
        Document third = Policy("gold", 3, "[3]");

        Assert.True(await PutAsync(third, ""));
        Assert.True(await PutAsync(Policy("silver", 1), ""));

        AssertSame(third, await Store.FindAsync(DocumentKind.Policy, "gold", CancellationToken.None));
    }

    [Fact]
    public async Task PutAsync_with_a_revision_that_was_given_before_changes_nothing_also_after_a_deletion()
    {
        Assert.True(await PutAsync(Policy("gold", 1), null));
        Assert.False(await PutAsync(Policy("gold", 1, etag: "x"), ""));
        Assert.True(await Store.DeleteAsync(DocumentKind.Policy, "gold", "e1", 5, CancellationToken.None));

        Assert.False(await PutAsync(Policy("gold", 2), null));
        Assert.True(await PutAsync(Policy("gold", 3), null));
    }

    [Fact]
    public async Task DeleteAsync_removes_only_what_has_the_etag()
    {
        Assert.True(await PutAsync(Policy("gold", 1), null));

        Assert.False(await Store.DeleteAsync(DocumentKind.Policy, "gold", "other", 5, CancellationToken.None));
        Assert.False(await Store.DeleteAsync(DocumentKind.Policy, "silver", "", 5, CancellationToken.None));
        Assert.True(await Store.DeleteAsync(DocumentKind.Policy, "gold", "", 5, CancellationToken.None));

        Assert.Null(await Store.FindAsync(DocumentKind.Policy, "gold", CancellationToken.None));
        Assert.False(await Store.DeleteAsync(DocumentKind.Policy, "gold", "", 5, CancellationToken.None));
    }

    [Fact]
    public async Task RevisionsAsync_gives_the_newest_first_in_pages_and_outlives_a_deletion()
    {
        Assert.True(await PutAsync(Policy("gold", 1, "[1]"), null, "create"));
        Assert.True(await PutAsync(Policy("gold", 2, "[2]"), "e1", "update"));
        Assert.True(await PutAsync(Policy("gold", 3, "[1]"), "e2", "rollback"));
        Assert.True(await Store.DeleteAsync(DocumentKind.Policy, "gold", "e3", 77, CancellationToken.None));

        IReadOnlyList<DocumentRevision> newest = await Store.RevisionsAsync(DocumentKind.Policy, "gold", 0, 3, CancellationToken.None);
        IReadOnlyList<DocumentRevision> rest = await Store.RevisionsAsync(DocumentKind.Policy, "gold", 2, 3, CancellationToken.None);

        Assert.Equal([(4L, "delete", 77L), (3L, "rollback", 1_000_003L), (2L, "update", 1_000_002L)], newest.Select(Told));
        Assert.Equal([(1L, "create", 1_000_001L)], rest.Select(Told));
        Assert.True(newest[0].Json.IsEmpty);
        Assert.Equal("[2]"u8.ToArray(), newest[2].Json.ToArray());
    }

    [Fact]
    public async Task PutAsync_of_many_at_once_on_one_etag_lets_one_win()
    {
        Assert.True(await PutAsync(Policy("gold", 1), null));

        bool[] won = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() => PutAsync(Policy("gold", 2, $"[{i}]"), "e1"))));

        Assert.Equal(1, won.Count(each => each));
        Assert.Equal(2, (await Store.RevisionsAsync(DocumentKind.Policy, "gold", 0, 10, CancellationToken.None)).Count);
    }

    [Fact]
    public async Task RevisionAsync_is_another_one_after_each_write_of_each_kind()
    {
        HashSet<long> seen = [await RevisionAsync()];
        DocumentKind[] kinds = [DocumentKind.Policy, DocumentKind.Api, DocumentKind.Organization];
        foreach (DocumentKind kind in kinds)
        {
            Assert.True(await PutAsync(Policy("gold", 1) with { Kind = kind }, null, "create"));
            Assert.True(seen.Add(await RevisionAsync()), $"{kind} was created.");
            Assert.True(await PutAsync(Policy("gold", 2) with { Kind = kind }, "e1"));
            Assert.True(seen.Add(await RevisionAsync()), $"{kind} was changed.");
        }

        foreach (DocumentKind kind in kinds)
        {
            Assert.True(await Store.DeleteAsync(kind, "gold", "e2", 5, CancellationToken.None));
            Assert.True(seen.Add(await RevisionAsync()), $"{kind} was deleted.");
        }

        Assert.True(await PutAsync(Policy("gold", 4), null, "create"));
        Assert.True(seen.Add(await RevisionAsync()), "It was created again.");
    }

    [Fact]
    public async Task RevisionAsync_stays_where_nothing_was_written_and_where_a_file_layer_was()
    {
        Assert.True(await PutAsync(Policy("gold", 1), null, "create"));
        long before = await RevisionAsync();

        Assert.False(await PutAsync(Policy("gold", 2), null));
        Assert.False(await PutAsync(Policy("gold", 2), "other"));
        Assert.False(await PutAsync(Policy("gold", 1), ""));
        Assert.False(await Store.DeleteAsync(DocumentKind.Policy, "gold", "other", 5, CancellationToken.None));
        Assert.False(await Store.DeleteAsync(DocumentKind.Policy, "silver", "", 5, CancellationToken.None));
        Assert.True(await PutAsync(Policy("policies", 1) with { Kind = DocumentKind.FileLayer }, null, "create"));
        Assert.True(await PutAsync(Policy("policies", 2) with { Kind = DocumentKind.FileLayer }, "e1"));
        Assert.True(await Store.DeleteAsync(DocumentKind.FileLayer, "policies", "e2", 5, CancellationToken.None));

        Assert.Equal(before, await RevisionAsync());
    }

    private Task<long> RevisionAsync() => Store.RevisionAsync(CancellationToken.None).AsTask();

    private static (long Revision, string Change, long ChangedAtUs) Told(DocumentRevision revision) =>
        (revision.Revision, revision.Change, revision.ChangedAtUs);
}
