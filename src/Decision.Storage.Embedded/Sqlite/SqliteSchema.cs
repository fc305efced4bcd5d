using System.Globalization;
using Decision.Runtime.Stores;

namespace Decision.Storage.Embedded.Sqlite;

/// <summary>The tables, and the steps from each version of them to the next.</summary>
/// <remarks>A step that has been released is never changed: a new version appends one.</remarks>
internal static class SqliteSchema
{
    /// <summary>Marks a file as this server's ("Dcsn"), so that another program's database is not written into.</summary>
    public const int ApplicationId = 0x4463736E;

    private static readonly string[] Steps = [First, Audit, Usage, CounterLog];

    /// <summary>The version that this server reads and writes.</summary>
    public static int Latest => Steps.Length;

    private const string First = """
        CREATE TABLE documents (
            kind INTEGER NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, etag TEXT NOT NULL, json BLOB NOT NULL,
            changed_us INTEGER NOT NULL, PRIMARY KEY (kind, id));
        CREATE TABLE revisions (
            kind INTEGER NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, change TEXT NOT NULL, json BLOB NOT NULL,
            changed_us INTEGER NOT NULL, PRIMARY KEY (kind, id, revision));

        CREATE TABLE keys (
            id TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, record BLOB NOT NULL, organization_id TEXT NOT NULL, alias TEXT NOT NULL);
        CREATE INDEX keys_by_organization ON keys (organization_id, id);
        CREATE INDEX keys_by_alias ON keys (alias, id);
        CREATE TABLE key_hashes (
            hash TEXT NOT NULL PRIMARY KEY, key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE) WITHOUT ROWID;
        CREATE INDEX key_hashes_by_key ON key_hashes (key_id);
        CREATE TABLE key_policies (
            policy_id TEXT NOT NULL, key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE, PRIMARY KEY (policy_id, key_id)) WITHOUT ROWID;
        CREATE INDEX key_policies_by_key ON key_policies (key_id);
        CREATE TABLE key_tags (
            tag TEXT NOT NULL, key_id TEXT NOT NULL REFERENCES keys (id) ON DELETE CASCADE, PRIMARY KEY (tag, key_id)) WITHOUT ROWID;
        CREATE INDEX key_tags_by_key ON key_tags (key_id);

        -- idle_us: from then on the state no longer counts and the row may go; null = it always counts.
        CREATE TABLE counters (
            subject_kind INTEGER NOT NULL, subject_id TEXT NOT NULL, name TEXT NOT NULL, state BLOB NOT NULL, idle_us INTEGER,
            PRIMARY KEY (subject_kind, subject_id, name));
        CREATE INDEX counters_by_idle ON counters (idle_us) WHERE idle_us IS NOT NULL;
        """;

    // The chain's end and anchor lie in audit_places, so that they outlive the records; audit_begun is what is being done.
    private const string Audit = """
        CREATE TABLE audit (seq INTEGER NOT NULL PRIMARY KEY, at_us INTEGER NOT NULL, hash TEXT NOT NULL, entry BLOB NOT NULL);
        CREATE TABLE audit_places (name TEXT NOT NULL PRIMARY KEY, seq INTEGER NOT NULL, at_us INTEGER NOT NULL, hash TEXT NOT NULL);
        CREATE TABLE audit_begun (id TEXT NOT NULL PRIMARY KEY, at_us INTEGER NOT NULL, entries BLOB NOT NULL);
        """;

    // hours: as Decision.Runtime's UsageHours packs them. A day is counted from the Unix epoch, as ends_us is.
    private const string Usage = """
        CREATE TABLE usage (
            kind INTEGER NOT NULL, day INTEGER NOT NULL, id TEXT NOT NULL, hours BLOB NOT NULL, PRIMARY KEY (kind, day, id)) WITHOUT ROWID;
        CREATE TABLE claims (name TEXT NOT NULL PRIMARY KEY, ends_us INTEGER NOT NULL) WITHOUT ROWID;
        CREATE INDEX claims_by_end ON claims (ends_us);
        """;

    // What is saved of counters each second, in the order it was saved; counters gets it from time to time. records: as
    // Counters/CounterLog.cs packs them. AUTOINCREMENT: a number is never given again, not even when the log is empty, so "up to" takes nothing new along.
    private const string CounterLog = """
        CREATE TABLE counter_log (seq INTEGER PRIMARY KEY AUTOINCREMENT, records BLOB NOT NULL);
        """;

    /// <summary>Refuses what is not this server's, or was written by a later version; changes nothing.</summary>
    /// <returns>The version that the file has; 0 = it is empty.</returns>
    public static int Check(SqliteSession session, string path)
    {
        long version = Number(session, "PRAGMA user_version");
        long application = Number(session, "PRAGMA application_id");
        long tables = Number(session, "SELECT COUNT(*) FROM sqlite_master");
        if (tables == 0 && version == 0 && application is 0 or ApplicationId)
        {
            return 0;
        }

        if (application != ApplicationId || version < 1)
        {
            throw new StoreException(
                $"The database {path} belongs to another program. Set Storage:Path to another file.");
        }

        if (version > Latest)
        {
            throw new StoreException(
                $"The database {path} was written by a newer version of this server (its layout is {version}, this version knows up to {Latest}). Start the newer version, or restore a backup from before the change.");
        }

        return (int)version;
    }

    /// <summary>Brings the tables to <see cref="Latest"/>, each step in a transaction of its own.</summary>
    public static void Migrate(SqliteSession session, string path)
    {
        for (int version = Check(session, path); version < Latest; version++)
        {
            session.Run("BEGIN IMMEDIATE");
            session.Run(Steps[version]);
            session.Run(string.Create(
                CultureInfo.InvariantCulture, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1}"));
            session.Run("COMMIT");
        }
    }

    private static long Number(SqliteSession session, string sql) => (long)session.Scalar(sql)!;
}
