namespace Decision.Runtime.Stores;

/// <summary>One stored document.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Revision">Counts its changes from 1; never given twice. In a <see cref="IDocumentStore.PutAsync"/> it is the number to store.</param>
/// <param name="Etag">Random at each change.</param>
/// <param name="Json">The content, UTF-8.</param>
/// <param name="ChangedAtUs">When, in microseconds since the Unix epoch.</param>
public sealed record Document(DocumentKind Kind, string Id, long Revision, string Etag, ReadOnlyMemory<byte> Json, long ChangedAtUs);
