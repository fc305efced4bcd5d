using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace Decision.Storage.Embedded.Audit;

/// <summary>The audit log in SQLite.</summary>
internal sealed class EmbeddedAuditStore(SqliteDatabase database) : IAuditStore
{
    private const string End = "end";
    private const string Anchor = "anchor";
    private const string Columns = "SELECT seq, at_us, hash, entry FROM audit";

    public bool IsShared => false;

    public async ValueTask BeginAsync(BegunAct act, CancellationToken cancellation) =>
        await database.WriteAsync(
            session => session.Execute("INSERT INTO audit_begun (id, at_us, entries) VALUES ($0, $1, $2)", act.Id, act.AtUs, act.Entries.ToArray()),
            cancellation).ConfigureAwait(false);

    public async ValueTask DropAsync(string actId, CancellationToken cancellation) =>
        await database.WriteAsync(session => Drop(session, actId), cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<BegunAct>> BegunAsync(long beforeUs, CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.Query(
                "SELECT id, at_us, entries FROM audit_begun WHERE at_us < $0",
                row => new BegunAct(row.GetString(0), row.GetInt64(1), row.GetFieldValue<byte[]>(2)),
                beforeUs),
            cancellation).ConfigureAwait(false);

    public ValueTask<AuditHead> HeadAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => PlaceOf(session, End), cancellation);

    public ValueTask<bool> AppendAsync(AuditHead end, IReadOnlyList<AuditRecord> records, string actId, CancellationToken cancellation) =>
        database.WriteAsync(
            session =>
            {
                if (PlaceOf(session, End) != end)
                {
                    return false;
                }

                foreach (AuditRecord record in records)
                {
                    session.Execute(
                        "INSERT INTO audit (seq, at_us, hash, entry) VALUES ($0, $1, $2, $3)",
                        record.Sequence, record.AtUs, record.Hash, record.Entry.ToArray());
                }

                Place(session, End, records[^1].Head);
                Drop(session, actId);
                return true;
            },
            cancellation);

    public ValueTask<AuditHead> AnchorAsync(CancellationToken cancellation) =>
        database.ReadAsync(session => PlaceOf(session, Anchor), cancellation);

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadBackAsync(long before, int size, CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.Query(
                Columns + " WHERE seq < $0 ORDER BY seq DESC LIMIT $1", ReadRecord, before > 0 ? before : long.MaxValue, Math.Max(0, size)),
            cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int size, CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.Query(Columns + " WHERE seq > $0 ORDER BY seq LIMIT $1", ReadRecord, after, Math.Max(0, size)),
            cancellation).ConfigureAwait(false);

    public async ValueTask PruneAsync(AuditHead last, CancellationToken cancellation) =>
        await database.WriteAsync(
            session =>
            {
                if (PlaceOf(session, Anchor).Sequence >= last.Sequence)
                {
                    return 0;
                }

                Place(session, Anchor, last);
                return session.Execute("DELETE FROM audit WHERE seq <= $0", last.Sequence);
            },
            cancellation).ConfigureAwait(false);

    private static int Drop(SqliteSession session, string actId) => session.Execute("DELETE FROM audit_begun WHERE id = $0", actId);

    private static AuditHead PlaceOf(SqliteSession session, string name) =>
        session.Query(
            "SELECT seq, hash, at_us FROM audit_places WHERE name = $0",
            row => new AuditHead(row.GetInt64(0), row.GetString(1), row.GetInt64(2)),
            name) is [AuditHead place] ? place : AuditHead.None;

    private static void Place(SqliteSession session, string name, AuditHead place) =>
        session.Execute(
            """
            INSERT INTO audit_places (name, seq, at_us, hash) VALUES ($0, $1, $2, $3)
            ON CONFLICT (name) DO UPDATE SET seq = excluded.seq, at_us = excluded.at_us, hash = excluded.hash
            """,
            name, place.Sequence, place.AtUs, place.Hash);

    private static AuditRecord ReadRecord(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetFieldValue<byte[]>(3));
}
