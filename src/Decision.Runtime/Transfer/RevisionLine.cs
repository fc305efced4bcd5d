using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>One revision of a document; those of one document follow each other, oldest first.</summary>
/// <param name="Kind">Api, policy or organisation.</param>
/// <param name="Id">The document's id.</param>
/// <param name="Revision">The change and the content after it.</param>
/// <param name="Etag">Set on the newest one of a document that was not deleted.</param>
internal sealed record RevisionLine(TransferKind Kind, string Id, DocumentRevision Revision, string? Etag) : ExportLine
{
    public bool IsDeletion => Revision.Change == TransferWords.Delete;

    public DocumentKind DocumentKind => TransferWords.Documents[(int)Kind];
}
