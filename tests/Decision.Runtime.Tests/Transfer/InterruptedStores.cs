using Decision.Runtime.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Transfer;

/// <summary>The real stores, which fail for good after a number of writes.</summary>
internal sealed class InterruptedStores(IServiceProvider services, int writes, Action? afterWrite = null) : IDocumentStore, ICounterTransfer, IKeyStore
{
    private readonly IDocumentStore _documents = services.GetRequiredService<IDocumentStore>();
    private readonly ICounterTransfer _counters = services.GetRequiredService<ICounterTransfer>();
    private readonly IKeyStore _keys = services.GetRequiredService<IKeyStore>();
    private int _left = writes;

    public ValueTask<IReadOnlyList<Document>> LoadAsync(DocumentKind kind, CancellationToken cancellation) => _documents.LoadAsync(kind, cancellation);

    public ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellation) => _documents.FindAsync(kind, id, cancellation);

    public ValueTask<bool> PutAsync(Document next, string? expectedEtag, string change, CancellationToken cancellation) =>
        WriteAsync(() => _documents.PutAsync(next, expectedEtag, change, cancellation));

    public ValueTask<bool> DeleteAsync(DocumentKind kind, string id, string expectedEtag, long changedAtUs, CancellationToken cancellation) =>
        WriteAsync(() => _documents.DeleteAsync(kind, id, expectedEtag, changedAtUs, cancellation));

    public ValueTask<IReadOnlyList<long>?> WriteAllAsync(IReadOnlyList<DocumentWrite> writes, long changedAtUs, CancellationToken cancellation) =>
        WriteAsync(() => _documents.WriteAllAsync(writes, changedAtUs, cancellation));

    public ValueTask<IReadOnlyList<DocumentRevision>> RevisionsAsync(
        DocumentKind kind, string id, long before, int size, CancellationToken cancellation) =>
        _documents.RevisionsAsync(kind, id, before, size, cancellation);

    public ValueTask<long> RevisionAsync(CancellationToken cancellation) => _documents.RevisionAsync(cancellation);

    public IAsyncEnumerable<StoredCounter> ExportAsync(CancellationToken cancellation) => _counters.ExportAsync(cancellation);

    public ValueTask<CounterImport> ImportAsync(IReadOnlyList<StoredCounter> counters, CancellationToken cancellation) =>
        WriteAsync(() => _counters.ImportAsync(counters, cancellation));

    public ValueTask<KeyRecord?> FindAsync(string keyId, CancellationToken cancellation) => _keys.FindAsync(keyId, cancellation);

    public ValueTask<string?> FindIdByHashAsync(string hash, CancellationToken cancellation) => _keys.FindIdByHashAsync(hash, cancellation);

    public ValueTask<bool> CreateAsync(KeyRecord record, CancellationToken cancellation) => WriteAsync(() => _keys.CreateAsync(record, cancellation));

    public ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation) =>
        WriteAsync(() => _keys.ReplaceAsync(record, expectedVersion, cancellation));

    public ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation) =>
        _keys.DeleteAsync(keyId, expectedVersion, cancellation);

    public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation) =>
        _keys.ListAsync(filter, afterId, size, cancellation);

    public ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation) => _keys.CountAsync(filter, cancellation);

    public ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation) =>
        _keys.CountUsingAsync(policyIds, cancellation);

    private async ValueTask<T> WriteAsync<T>(Func<ValueTask<T>> write)
    {
        if (Interlocked.Decrement(ref _left) < 0)
        {
            throw new StoreException("The store is gone.");
        }

        T answer = await write();
        afterWrite?.Invoke();
        return answer;
    }
}
