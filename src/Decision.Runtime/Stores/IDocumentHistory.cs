namespace Decision.Runtime.Stores;

/// <summary>Port to the ids of a store's documents, for backups and for the way to another store. Throws <see cref="StoreException"/>.</summary>
public interface IDocumentHistory
{
    /// <summary>The ids of a kind that have revisions, also those of documents that were deleted, in the order of <see cref="StringComparer.Ordinal"/>.</summary>
    ValueTask<IReadOnlyList<string>> ListIdsAsync(DocumentKind kind, CancellationToken cancellation);
}
