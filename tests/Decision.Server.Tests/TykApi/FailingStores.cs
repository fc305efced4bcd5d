using Decision.Engine.Charges;
using Decision.Runtime.Stores;

namespace Decision.Server.Tests.TykApi;

/// <summary>Stores that stop answering when told to.</summary>
internal sealed class FailingStores(IKeyStore keys, IDocumentStore documents, ICounterStore counters) : IKeyStore, IDocumentStore, ICounterStore
{
    /// <summary>After how many more calls nothing answers.</summary>
    public int CallsLeft { get; set; } = int.MaxValue;

    public bool ComparesKeys => counters.ComparesKeys;

    private T Ask<T>(T store) => --CallsLeft >= 0 ? store : throw new StoreException("The store does not answer.");

    public ValueTask<KeyRecord?> FindAsync(string keyId, CancellationToken cancellation) => Ask(keys).FindAsync(keyId, cancellation);

    public ValueTask<string?> FindIdByHashAsync(string hash, CancellationToken cancellation) => Ask(keys).FindIdByHashAsync(hash, cancellation);

    public ValueTask<bool> CreateAsync(KeyRecord record, CancellationToken cancellation) => Ask(keys).CreateAsync(record, cancellation);

    public ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation) =>
        Ask(keys).ReplaceAsync(record, expectedVersion, cancellation);

    public ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation) =>
        Ask(keys).DeleteAsync(keyId, expectedVersion, cancellation);

    public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation) =>
        Ask(keys).ListAsync(filter, afterId, size, cancellation);

    public ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation) => Ask(keys).CountAsync(filter, cancellation);

    public ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation) =>
        Ask(keys).CountUsingAsync(policyIds, cancellation);

    public ValueTask<IReadOnlyList<Document>> LoadAsync(DocumentKind kind, CancellationToken cancellation) => Ask(documents).LoadAsync(kind, cancellation);

    public ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellation) => Ask(documents).FindAsync(kind, id, cancellation);

    public ValueTask<IReadOnlyList<long>?> WriteAllAsync(IReadOnlyList<DocumentWrite> writes, long changedAtUs, CancellationToken cancellation) =>
        Ask(documents).WriteAllAsync(writes, changedAtUs, cancellation);

    public ValueTask<bool> PutAsync(Document next, string? expectedEtag, string change, CancellationToken cancellation) =>
        Ask(documents).PutAsync(next, expectedEtag, change, cancellation);

    public ValueTask<bool> DeleteAsync(DocumentKind kind, string id, string expectedEtag, long changedAtUs, CancellationToken cancellation) =>
        Ask(documents).DeleteAsync(kind, id, expectedEtag, changedAtUs, cancellation);

    public ValueTask<long> RevisionAsync(CancellationToken cancellation) => Ask(documents).RevisionAsync(cancellation);

    public ValueTask<IReadOnlyList<DocumentRevision>> RevisionsAsync(DocumentKind kind, string id, long before, int size, CancellationToken cancellation) =>
        Ask(documents).RevisionsAsync(kind, id, before, size, cancellation);

    public ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation) => Ask(counters).SpendAsync(spending, cancellation);

    public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
        Ask(counters).ReadAsync(charges, cancellation);

    public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
        Ask(counters).ResetAsync(charges, cancellation);

    public ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation) =>
        Ask(counters).AdjustAsync(quota, delta, cancellation);

    public ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) => Ask(counters).DeleteSubjectAsync(subject, cancellation);
}
