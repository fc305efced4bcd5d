using System.Text.Json;
using Decision.Engine.Credentials;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace Decision.Storage.Embedded.Keys;

/// <summary>Keys' records in SQLite; what they are searched by lies in tables beside them.</summary>
internal sealed class EmbeddedKeyStore(SqliteDatabase database) : IKeyStore
{
    public ValueTask<KeyRecord?> FindAsync(string keyId, CancellationToken cancellation) =>
        database.ReadAsync(
            session => session.Query("SELECT record FROM keys WHERE id = $0", ReadRecord, keyId) is [KeyRecord record] ? record : null,
            cancellation);

    public ValueTask<string?> FindIdByHashAsync(string hash, CancellationToken cancellation) =>
        database.ReadAsync(session => session.Scalar("SELECT key_id FROM key_hashes WHERE hash = $0", hash) as string, cancellation);

    public ValueTask<bool> CreateAsync(KeyRecord record, CancellationToken cancellation)
    {
        byte[] bytes = KeyRecordFormat.Write(record);
        return database.WriteAsync(
            session =>
            {
                bool isTaken = session.Scalar("SELECT 1 FROM keys WHERE id = $0", record.Key.Id) is not null || IsHashTaken(session, record);
                if (isTaken)
                {
                    return false;
                }

                session.Execute(
                    "INSERT INTO keys (id, version, record, organization_id, alias) VALUES ($0, $1, $2, $3, $4)",
                    record.Key.Id, unchecked((long)record.Version), bytes, record.Key.OrganizationId, record.Key.Alias);
                Index(session, record);
                return true;
            },
            cancellation);
    }

    public ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation)
    {
        byte[] bytes = KeyRecordFormat.Write(record);
        return database.WriteAsync(
            session =>
            {
                if (IsHashTaken(session, record)
                    || session.Execute(
                        "UPDATE keys SET version = $2, record = $3, organization_id = $4, alias = $5 WHERE id = $0 AND version = $1",
                        record.Key.Id, unchecked((long)expectedVersion), unchecked((long)record.Version), bytes,
                        record.Key.OrganizationId, record.Key.Alias) == 0)
                {
                    return false;
                }

                session.Execute("DELETE FROM key_hashes WHERE key_id = $0", record.Key.Id);
                session.Execute("DELETE FROM key_policies WHERE key_id = $0", record.Key.Id);
                session.Execute("DELETE FROM key_tags WHERE key_id = $0", record.Key.Id);
                Index(session, record);
                return true;
            },
            cancellation);
    }

    public ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation) =>
        database.WriteAsync(
            session => session.Execute(
                "DELETE FROM keys WHERE id = $0 AND ($1 = 0 OR version = $1)", keyId, unchecked((long)expectedVersion)) > 0,
            cancellation);

    public async ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation) =>
        await database.ReadAsync(
            session => session.Query(
                KeyQueries.PageOf(filter), ReadRecord,
                filter.OrganizationId, filter.PolicyId, filter.Tag, filter.Alias, afterId, Math.Max(0, size)),
            cancellation).ConfigureAwait(false);

    public ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation) =>
        database.ReadAsync(
            session => (long)session.Scalar(KeyQueries.CountOf(filter), filter.OrganizationId, filter.PolicyId, filter.Tag, filter.Alias)!,
            cancellation);

    public ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation)
    {
        if (policyIds.Count == 0)
        {
            return new ValueTask<long>(0);
        }

        // Each key once in the index: with a million of them they are counted ten times sooner than the different ones are told.
        if (policyIds.Count == 1)
        {
            string policyId = policyIds.First();
            return database.ReadAsync(
                session => (long)session.Scalar("SELECT COUNT(*) FROM key_policies WHERE policy_id = $0", policyId)!, cancellation);
        }

        // One parameter, however many ids there are.
        string ids = JsonSerializer.Serialize(policyIds, KeyQueriesJson.Default.IReadOnlyCollectionString);
        return database.ReadAsync(
            session => (long)session.Scalar(
                "SELECT COUNT(DISTINCT key_id) FROM key_policies WHERE policy_id IN (SELECT value FROM json_each($0))", ids)!,
            cancellation);
    }

    private static IEnumerable<string> CustomHashes(KeyRecord record) =>
        record.Hashes.Where(hash => hash.Scheme == KeyHashScheme.HmacSha256).Select(hash => hash.ToText()).Distinct(StringComparer.Ordinal);

    private static bool IsHashTaken(SqliteSession session, KeyRecord record)
    {
        foreach (string hash in CustomHashes(record))
        {
            if (session.Scalar("SELECT key_id FROM key_hashes WHERE hash = $0", hash) is string owner && owner != record.Key.Id)
            {
                return true;
            }
        }

        return false;
    }

    private static void Index(SqliteSession session, KeyRecord record)
    {
        foreach (string hash in CustomHashes(record))
        {
            session.Execute("INSERT INTO key_hashes (hash, key_id) VALUES ($0, $1)", hash, record.Key.Id);
        }

        foreach (string policyId in record.Key.ApplyPolicies.Distinct(StringComparer.Ordinal))
        {
            session.Execute("INSERT INTO key_policies (policy_id, key_id) VALUES ($0, $1)", policyId, record.Key.Id);
        }

        foreach (string tag in record.Key.Tags.Distinct(StringComparer.Ordinal))
        {
            session.Execute("INSERT INTO key_tags (tag, key_id) VALUES ($0, $1)", tag, record.Key.Id);
        }
    }

    private static KeyRecord ReadRecord(SqliteDataReader row) => KeyRecordFormat.Read(row.GetFieldValue<byte[]>(0));
}
