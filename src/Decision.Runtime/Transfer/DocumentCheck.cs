using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>Compares the revisions of one document, oldest first, with what the store has of it.</summary>
internal sealed class DocumentCheck
{
    /// <summary>Begins the etag of a document whose later revisions an import has still to write: so one that was interrupted is known again.</summary>
    public const string UnfinishedEtag = "unfinished-";

    private readonly IDocumentStore _documents;
    private readonly Document? _stored;
    private readonly long _storedRevision;
    private bool _isSameSoFar = true;
    private RevisionLine _last;

    private DocumentCheck(IDocumentStore documents, RevisionLine first, Document? stored, long storedRevision)
    {
        _documents = documents;
        _last = first;
        _stored = stored;
        _storedRevision = storedRevision;
    }

    /// <summary>The newest line that was compared.</summary>
    public RevisionLine Last => _last;

    public static async ValueTask<DocumentCheck> StartAsync(IDocumentStore documents, RevisionLine first, CancellationToken cancellation)
    {
        IReadOnlyList<DocumentRevision> newest = await documents.RevisionsAsync(first.DocumentKind, first.Id, 0, 1, cancellation).ConfigureAwait(false);
        Document? stored = await documents.FindAsync(first.DocumentKind, first.Id, cancellation).ConfigureAwait(false);
        return new DocumentCheck(documents, first, stored, newest is [{ Revision: var number }] ? number : stored?.Revision ?? 0);
    }

    public bool IsOf(RevisionLine line) => line.Kind == _last.Kind && line.Id == _last.Id;

    public async ValueTask CompareAsync(RevisionLine line, CancellationToken cancellation)
    {
        _last = line;
        if (!_isSameSoFar || line.Revision.Revision > _storedRevision)
        {
            return;
        }

        IReadOnlyList<DocumentRevision> found = await _documents.RevisionsAsync(
            line.DocumentKind, line.Id, line.Revision.Revision + 1, 1, cancellation).ConfigureAwait(false);
        _isSameSoFar = found is [{ } stored]
            && stored.Revision == line.Revision.Revision
            && stored.Change == line.Revision.Change
            && stored.ChangedAtUs == line.Revision.ChangedAtUs
            && stored.Json.Span.SequenceEqual(line.Revision.Json.Span);
    }

    /// <summary>What to do, and, where that overwrites something, a sentence that says so.</summary>
    public (DocumentPlan Plan, string? Conflict) End()
    {
        bool isBeginning = _isSameSoFar && _last.Revision.Revision > _storedRevision;
        bool overwritesNothing = _stored is null || _stored.Etag.StartsWith(UnfinishedEtag, StringComparison.Ordinal);
        bool isSame = _last.IsDeletion
            ? _stored is null
            : _stored is not null && _stored.Json.Span.SequenceEqual(_last.Revision.Json.Span);
        if (isBeginning && overwritesNothing)
        {
            return (Plan(DocumentAction.Append), null);
        }

        if (isSame)
        {
            return (Plan(DocumentAction.Leave), null);
        }

        string conflict = $"the {TransferWords.Kinds[(int)_last.Kind]} '{_last.Id}' "
            + (_last.IsDeletion ? "is deleted in the file and not in the store"
                : _stored is null ? "was deleted in the store"
                : $"has another content in the store (revision {_storedRevision} there, {_last.Revision.Revision} in the file)");
        return (Plan(isBeginning ? DocumentAction.Append : DocumentAction.Replace), conflict);
    }

    private DocumentPlan Plan(DocumentAction action) => new(action, _last.Revision.Revision, _storedRevision, _stored?.Etag);
}
