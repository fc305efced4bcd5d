using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>Writes documents with their revisions, oldest first.</summary>
internal sealed class DocumentExport(IDocumentStore documents, IDocumentHistory history)
{
    private const int PageSize = 100;
    private const int MostTries = 5;

    public async Task WriteAsync(TransferKind kind, ExportRun run, CancellationToken cancellation)
    {
        IReadOnlyList<string> ids = await history.ListIdsAsync(TransferWords.Documents[(int)kind], cancellation).ConfigureAwait(false);
        foreach (string id in ids.Order(StringComparer.Ordinal))
        {
            await WriteAsync(kind, id, run, cancellation).ConfigureAwait(false);
        }
    }

    private async Task WriteAsync(TransferKind kind, string id, ExportRun run, CancellationToken cancellation)
    {
        (Document? document, long last) = await NewestAsync(TransferWords.Documents[(int)kind], id, cancellation).ConfigureAwait(false);
        bool isFirst = true;
        bool exists = false;
        await foreach (DocumentRevision revision in RevisionsAsync(TransferWords.Documents[(int)kind], id, last, cancellation).ConfigureAwait(false))
        {
            RevisionLine line = new(kind, id, revision, revision.Revision == document?.Revision ? document.Etag : null);
            if (line.IsDeletion && !exists)
            {
                // A store that keeps no older revisions: nothing is there that could be deleted.
                continue;
            }

            exists = !line.IsDeletion;
            run.Writer.Counts[kind] += isFirst ? 1 : 0;
            isFirst = false;
            await run.RevisionAsync(line, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>The document and the number of its newest revision, which belong together also where others write.</summary>
    private async ValueTask<(Document? Document, long Last)> NewestAsync(DocumentKind kind, string id, CancellationToken cancellation)
    {
        for (int tries = 0; tries < MostTries; tries++)
        {
            Document? document = await documents.FindAsync(kind, id, cancellation).ConfigureAwait(false);
            IReadOnlyList<DocumentRevision> newest = await documents.RevisionsAsync(kind, id, 0, 1, cancellation).ConfigureAwait(false);
            if (newest is [{ } last] && (document is null ? last.Change == TransferWords.Delete : last.Revision == document.Revision))
            {
                return (document, last.Revision);
            }
        }

        throw new StoreException(
            $"The {kind} {id} and its revisions do not belong together in the store: write the document anew, or export while nobody writes.");
    }

    // The port gives the newest first; a window of numbers at a time is read, and turned round.
    private async IAsyncEnumerable<DocumentRevision> RevisionsAsync(
        DocumentKind kind, string id, long last, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        for (long from = 1; from <= last; from += PageSize)
        {
            IReadOnlyList<DocumentRevision> page = await documents.RevisionsAsync(
                kind, id, Math.Min(from + PageSize, last + 1), PageSize, cancellation).ConfigureAwait(false);
            foreach (DocumentRevision revision in page.Where(revision => revision.Revision >= from).Reverse())
            {
                yield return revision;
            }
        }
    }
}
