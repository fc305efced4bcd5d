using Decision.Runtime.Stores;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Decision.Storage.Embedded.Sqlite;

/// <summary>The one place where SQLite's errors become the port's.</summary>
internal static class SqliteErrors
{
    /// <summary>Says what failed, in which file, and what to do.</summary>
    public static StoreException Translate(SqliteException error, string path)
    {
        string sentence = error.SqliteErrorCode switch
        {
            SQLITE_FULL => $"The disk of the database {path} is full; nothing was written. Free some space there.",
            SQLITE_BUSY or SQLITE_LOCKED =>
                $"Another program holds the database {path} locked. End that program, or copy the database before working on it.",
            SQLITE_READONLY => $"The database {path} cannot be written. Let the server's user write to the file and to its folder.",
            SQLITE_CORRUPT =>
                $"The database {path} is damaged. Stop the server, keep a copy of the file, and restore a backup or repair it with sqlite3's .recover.",
            SQLITE_NOTADB => DatabaseFile.NotADatabase(path),
            SQLITE_CANTOPEN => $"The database {path} cannot be opened. Check that its folder exists and that the server's user may read and write there.",
            SQLITE_PERM or SQLITE_AUTH => $"The server's user may not open the database {path}. Let it read and write the file and its folder.",
            SQLITE_IOERR => $"Reading or writing the database {path} failed. Check its disk and the system's log.",
            SQLITE_TOOBIG => $"The record is too large for the database {path}; nothing was written. Store a smaller one.",
            SQLITE_NOMEM => $"There was no memory left to work on the database {path}. Give the server more memory.",
            _ => $"The database {path} failed with SQLite's error {error.SqliteExtendedErrorCode}. The server's log has the cause.",
        };
        return new StoreException(sentence, error);
    }
}
