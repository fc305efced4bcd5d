using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace Decision.Storage.Embedded.Documents;

/// <summary>Documents and their revisions in SQLite.</summary>
internal sealed class EmbeddedDocumentStore(SqliteDatabase database) : IDocumentStore, IDocumentHistory
{
    private const string Columns = "SELECT kind, id, revision, etag, json, changed_us FROM documents";

    public async ValueTask<IReadOnlyList<Document>> LoadAsync(DocumentKind kind, CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.Query(Columns + " WHERE kind = $0 ORDER BY id", ReadDocument, (long)kind), cancellation).ConfigureAwait(false);

    public ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellation) =>
        database.ReadAsync(session => Find(session, kind, id), cancellation);

    /// <inheritdoc />
    /// <remarks>A number that was given before counts as a lost race, like another etag: false.</remarks>
    public ValueTask<bool> PutAsync(Document next, string? expectedEtag, string change, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                if (!IsExpected(Find(session, next.Kind, next.Id), expectedEtag) || next.Revision <= NewestRevision(session, next.Kind, next.Id))
                {
                    return false;
                }

                Store(session, next);
                if (!next.Kind.KeepsRevisions())
                {
                    // A whole file layer at each reload, a credential's use: here only the last one counts.
                    session.Execute("DELETE FROM revisions WHERE kind = $0 AND id = $1", (long)next.Kind, next.Id);
                }

                Append(session, next.Kind, next.Id, new DocumentRevision(next.Revision, change, next.Json, next.ChangedAtUs));
                return true;
            },
            cancellation);

    public ValueTask<bool> DeleteAsync(
        DocumentKind kind, string id, string expectedEtag, long changedAtUs, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                if (Find(session, kind, id) is not { } stored || (expectedEtag.Length > 0 && stored.Etag != expectedEtag))
                {
                    return false;
                }

                Remove(session, kind, id);
                Append(session, kind, id, new DocumentRevision(NewestRevision(session, kind, id) + 1, "delete", default, changedAtUs));
                return true;
            },
            cancellation);

    public ValueTask<IReadOnlyList<long>?> WriteAllAsync(
        IReadOnlyList<DocumentWrite> writes, long changedAtUs, CancellationToken cancellation)
    {
        DocumentWrite.Check(writes);
        return database.WriteAsync<IReadOnlyList<long>?>(
            session =>
            {
                foreach (DocumentWrite write in writes)
                {
                    Document? stored = Find(session, write.Kind, write.Id);
                    if (!IsExpected(stored, write.ExpectedEtag) || (write.IsRemoval && stored is null))
                    {
                        return null;
                    }
                }

                return [.. writes.Select(write => Write(session, write, changedAtUs))];
            },
            cancellation);
    }

    public async ValueTask<IReadOnlyList<DocumentRevision>> RevisionsAsync(
        DocumentKind kind, string id, long before, int size, CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.Query(
                """
                SELECT revision, change, json, changed_us FROM revisions
                WHERE kind = $0 AND id = $1 AND revision < $2 ORDER BY revision DESC LIMIT $3
                """,
                row => new DocumentRevision(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2), row.GetInt64(3)),
                (long)kind, id, before > 0 ? before : long.MaxValue, Math.Max(0, size)),
            cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<string>> ListIdsAsync(DocumentKind kind, CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.Query("SELECT DISTINCT id FROM revisions WHERE kind = $0 ORDER BY id", row => row.GetString(0), (long)kind),
            cancellation).ConfigureAwait(false);

    /// <inheritdoc />
    /// <remarks>Each write appends a revision and none is removed, so their count tells. It reads them all: nobody follows this store.</remarks>
    public ValueTask<long> RevisionAsync(CancellationToken cancellation) =>
        database.ReadAsync(
            session => (long)session.Scalar("SELECT COUNT(*) FROM revisions WHERE kind NOT IN ($0, $1)", (long)DocumentKind.FileLayer, (long)DocumentKind.CredentialUse)!, cancellation);

    private static bool IsExpected(Document? stored, string? etag) => etag switch
    {
        null => stored is null,
        "" => true,
        _ => stored?.Etag == etag,
    };

    private static long Write(SqliteSession session, DocumentWrite write, long changedAtUs)
    {
        long revision = NewestRevision(session, write.Kind, write.Id) + 1;
        if (write.IsRemoval)
        {
            Remove(session, write.Kind, write.Id);
        }
        else
        {
            Store(session, new Document(write.Kind, write.Id, revision, write.Etag, write.Json, changedAtUs));
        }

        Append(session, write.Kind, write.Id, new DocumentRevision(revision, write.Change, write.Json, changedAtUs));
        return revision;
    }

    private static void Store(SqliteSession session, Document next) =>
        session.Execute(
            """
            INSERT INTO documents (kind, id, revision, etag, json, changed_us) VALUES ($0, $1, $2, $3, $4, $5)
            ON CONFLICT (kind, id) DO UPDATE SET
                revision = excluded.revision, etag = excluded.etag, json = excluded.json, changed_us = excluded.changed_us
            """,
            (long)next.Kind, next.Id, next.Revision, next.Etag, next.Json.ToArray(), next.ChangedAtUs);

    private static void Remove(SqliteSession session, DocumentKind kind, string id) =>
        session.Execute("DELETE FROM documents WHERE kind = $0 AND id = $1", (long)kind, id);

    private static Document? Find(SqliteSession session, DocumentKind kind, string id)
    {
        List<Document> found = session.Query(Columns + " WHERE kind = $0 AND id = $1", ReadDocument, (long)kind, id);
        return found.Count > 0 ? found[0] : null;
    }

    private static long NewestRevision(SqliteSession session, DocumentKind kind, string id) =>
        session.Scalar("SELECT MAX(revision) FROM revisions WHERE kind = $0 AND id = $1", (long)kind, id) as long? ?? 0;

    private static void Append(SqliteSession session, DocumentKind kind, string id, DocumentRevision revision) =>
        session.Execute(
            "INSERT INTO revisions (kind, id, revision, change, json, changed_us) VALUES ($0, $1, $2, $3, $4, $5)",
            (long)kind, id, revision.Revision, revision.Change, revision.Json.ToArray(), revision.ChangedAtUs);

    private static Document ReadDocument(SqliteDataReader row) =>
        new((DocumentKind)row.GetByte(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetFieldValue<byte[]>(4), row.GetInt64(5));
}
