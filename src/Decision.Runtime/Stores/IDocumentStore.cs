namespace Decision.Runtime.Stores;

/// <summary>
/// Port to policies, APIs, organisations, admin credentials and the last good file layer, each with its revisions. The content is JSON that only the
/// runtime reads. Writes are durable when the call returns. Throws <see cref="StoreException"/>.
/// </summary>
public interface IDocumentStore
{
    /// <summary>The most documents that <see cref="WriteAllAsync"/> takes.</summary>
    /// <value>10,000 unless the store says otherwise, such as one that answers decisions only after it.</value>
    int MostWrites => 10_000;

    /// <summary>All documents of a kind, in the order of their ids.</summary>
    ValueTask<IReadOnlyList<Document>> LoadAsync(DocumentKind kind, CancellationToken cancellation);

    /// <summary>One document, or null.</summary>
    ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellation);

    /// <summary>
    /// Writes the document and appends it to its revisions, if the stored one has <paramref name="expectedEtag"/> (null = there must
    /// be none, "" = whatever is there). False where that does not hold. A revision number is never given twice, also after a deletion.
    /// </summary>
    ValueTask<bool> PutAsync(Document next, string? expectedEtag, string change, CancellationToken cancellation);

    /// <summary>Removes the document ("" = whatever etag it has) and appends a revision without content; false where it is not there or has another etag.</summary>
    ValueTask<bool> DeleteAsync(DocumentKind kind, string id, string expectedEtag, long changedAtUs, CancellationToken cancellation);

    /// <summary>
    /// Writes and removes several documents as one change: whoever reads sees all of it or nothing, also after a crash, and others hear of it
    /// once. Each document gets the next number of its own revisions.
    /// </summary>
    /// <returns>The number that each got, in their order; null where a stored document is not the expected one: then nothing is written.</returns>
    /// <exception cref="ArgumentException">A document is in it twice, or is of a kind without revisions.</exception>
    ValueTask<IReadOnlyList<long>?> WriteAllAsync(IReadOnlyList<DocumentWrite> writes, long changedAtUs, CancellationToken cancellation);

    /// <summary>
    /// A number that is another one after each write of a document of a kind that keeps revisions. It need not grow. Read before
    /// the documents, it tells later whether they may have changed.
    /// </summary>
    ValueTask<long> RevisionAsync(CancellationToken cancellation);

    /// <summary>Revisions below <paramref name="before"/> (0 = from the newest), newest first. They outlive a deletion.</summary>
    ValueTask<IReadOnlyList<DocumentRevision>> RevisionsAsync(DocumentKind kind, string id, long before, int size, CancellationToken cancellation);
}
