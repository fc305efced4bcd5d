using System.Security.Cryptography;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Data.Sqlite;

namespace Decision.Storage.Embedded.Backups;

/// <summary>A backup that was put where the server's database is to be.</summary>
/// <param name="Path">The database.</param>
/// <param name="Layout">The layout that it has; the server brings it up to date when it starts.</param>
/// <param name="Keys">Keys in it.</param>
/// <param name="Documents">Policies, APIs and organisations in it.</param>
/// <param name="Counters">Counters in it.</param>
public sealed record RestoredDatabase(string Path, int Layout, long Keys, IReadOnlyDictionary<DocumentKind, long> Documents, long Counters)
{
    /// <summary>Puts a backup in its place, whole or not at all; what it is is looked at before it gets its name.</summary>
    /// <param name="backup">The file.</param>
    /// <param name="path">Where no database may be yet.</param>
    /// <exception cref="StoreException">It is no sound backup of a server of this version or an older one, or there is a database.</exception>
    public static RestoredDatabase From(string backup, string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        string draft = $"{full}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}.partial";
        RequireFree(full);
        try
        {
            DatabaseFile.MakeFolder(System.IO.Path.GetDirectoryName(full)!);
            Copy(backup, draft);
            var restored = Look(draft, backup) with { Path = full };
            RequireFree(full);
            File.Move(draft, full, overwrite: false);
            return restored;
        }
        catch (SqliteException error)
        {
            throw new StoreException($"The file {backup} is no backup of this server, or is damaged: name another one.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The backup {backup} cannot be put to {full}: {error.Message.TrimEnd('.')}.", error);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    // A write-ahead log of another database would be read into this one.
    private static void RequireFree(string path)
    {
        string[] there = [.. new[] { path, path + "-wal", path + "-shm", path + "-journal" }.Where(File.Exists)];
        if (there.Length > 0)
        {
            throw new StoreException($"There is {string.Join(", ", there)} already: stop the server and move that away, then restore.");
        }
    }

    private static void Copy(string from, string to)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.Read);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using FileStream target = new(to, options);
        source.CopyTo(target);
        target.Flush(flushToDisk: true);
    }

    private static RestoredDatabase Look(string file, string backup)
    {
        using SqliteSession look = new(SqliteDatabase.ImmutableConnectionString(file));
        int layout = SqliteSchema.Check(look, backup);
        if (layout == 0)
        {
            throw new StoreException($"The file {backup} is empty: name one that decisionctl backup create has written.");
        }

        if (look.Scalar("PRAGMA quick_check(1)") is not "ok")
        {
            throw new StoreException($"The backup {backup} is damaged: name another one.");
        }

        var documents = look.Query(
            "SELECT kind, COUNT(*) FROM documents GROUP BY kind", row => KeyValuePair.Create((DocumentKind)row.GetInt32(0), row.GetInt64(1)));
        return new RestoredDatabase(
            file, layout, Count(look, "SELECT COUNT(*) FROM keys"), documents.ToDictionary(), Count(look, "SELECT COUNT(*) FROM counters"));
    }

    private static long Count(SqliteSession look, string sql) => (long)look.Scalar(sql)!;
}
