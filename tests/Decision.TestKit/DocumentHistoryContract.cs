using Decision.Runtime.Stores;

namespace Decision.TestKit;

/// <summary>What every store must do whose documents are carried to another one.</summary>
public abstract class DocumentHistoryContract : IAsyncLifetime
{
    private (IDocumentStore Documents, IDocumentHistory History) _store;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<(IDocumentStore Documents, IDocumentHistory History)> OpenAsync();

    protected abstract ValueTask CloseAsync();

    [Fact]
    public async Task ListIdsAsync_gives_the_ids_of_a_kind_in_order_also_of_what_was_deleted()
    {
        await PutAsync(DocumentKind.Organization, "b", 1);
        await PutAsync(DocumentKind.Organization, "", 1);
        await PutAsync(DocumentKind.Organization, "B", 1);
        await PutAsync(DocumentKind.Organization, "b", 2);
        await PutAsync(DocumentKind.Organization, "gone", 1);
        await PutAsync(DocumentKind.Api, "api", 1);
        await _store.Documents.DeleteAsync(DocumentKind.Organization, "gone", "", 5, CancellationToken.None);

        Assert.Equal(["", "B", "b", "gone"], await _store.History.ListIdsAsync(DocumentKind.Organization, CancellationToken.None));
        Assert.Empty(await _store.History.ListIdsAsync(DocumentKind.Policy, CancellationToken.None));
    }

    private async Task PutAsync(DocumentKind kind, string id, long revision) => Assert.True(
        await _store.Documents.PutAsync(new Document(kind, id, revision, "e", "{}"u8.ToArray(), 1), "", "update", CancellationToken.None));
}
