using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Counters;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace Decision.Storage.Embedded.Backups;

/// <summary>
/// Copies the database while it is used, by <c>VACUUM INTO</c> on a connection of its own: one reading transaction, so that the copy is of one moment
/// and nobody who writes waits for it. The copy lies beside the database, and leaves the folder as soon as it is open: what a process that ends has
/// not given away is gone with it.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's wait handle, the only thing to dispose of, is never made.")]
internal sealed class EmbeddedBackup(SqliteDatabase database, EmbeddedCounterStore counters) : IBackupStore
{
    private const string Ending = ".copy";

    // Left for what the server itself writes meanwhile.
    private const long Reserve = 16 << 20;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Bytes that the disk of a folder has left.</summary>
    internal Func<string, long> FreeSpace { get; init; } = static folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <inheritdoc />
    public async ValueTask<Stream> CopyAsync(CancellationToken cancellation)
    {
        if (database.IsInMemory)
        {
            throw new BackupRefusedException("Storage:Path is :memory:, which keeps nothing over a restart: set it to a file, and start again.");
        }

        if (!await _turn.WaitAsync(TimeSpan.Zero, CancellationToken.None).ConfigureAwait(false))
        {
            throw new BackupRefusedException("Another backup is being taken: try again when it is done.");
        }

        try
        {
            if (!await counters.Keeper.MergeAsync(cancellation).ConfigureAwait(false))
            {
                throw new StoreException($"There is no backup, because counters cannot be saved: {counters.Keeper.LastError}");
            }

            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, _stopping.Token);

            // It reads the whole database and waits for the disk: not on a thread that calls are answered on.
            return await Task.Factory.StartNew(
                () => Copy(either.Token), either.Token, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Removes what a process that was killed amid a copy left. To be called while nobody else has the database.</summary>
    public void RemoveLeft()
    {
        if (database.IsInMemory || Path.GetDirectoryName(database.Path) is not { } folder)
        {
            return;
        }

        string begin = Path.GetFileName(database.Path) + ".";
        foreach (string file in Directory.EnumerateFiles(folder).Where(file =>
            Path.GetFileName(file) is var name && name.StartsWith(begin, StringComparison.Ordinal) && name.Contains(Ending, StringComparison.Ordinal)))
        {
            Remove(file);
        }
    }

    /// <summary>Gives up a copy that is being taken, and takes none any more.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _turn.WaitAsync().ConfigureAwait(false);
    }

    private FileStream Copy(CancellationToken cancellation)
    {
        string file = $"{database.Path}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}{Ending}";
        try
        {
            RequireRoom();
            Make(file);
            Fill(file, cancellation);
            return OpenAndUnlink(file);
        }
        catch (SqliteException error) when (error.SqliteErrorCode == SQLITE_INTERRUPT)
        {
            throw new OperationCanceledException("The backup was given up.", error, cancellation);
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error, database.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The backup cannot be written beside the database {database.Path}: {error.Message.TrimEnd('.')}.", error);
        }
        finally
        {
            Remove(file);
        }
    }

    private void RequireRoom()
    {
        long needed = LengthOf(database.Path) + LengthOf(database.Path + "-wal") + Reserve;
        long free = FreeSpace(Path.GetDirectoryName(database.Path)!);
        if (free < needed)
        {
            throw new BackupRefusedException(
                $"The disk of the database {database.Path} has {free >> 20} MiB left, and a copy needs up to {needed >> 20} MiB beside it: make room there.");
        }
    }

    private static long LengthOf(string file) => new FileInfo(file) is { Exists: true } there ? there.Length : 0;

    // An empty file is one that SQLite fills, and it keeps its mode.
    private static void Make(string file)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        new FileStream(file, options).Dispose();
    }

    private void Fill(string file, CancellationToken cancellation)
    {
        using SqliteSession session = new(SqliteDatabase.ConnectionString(database.Path, SqliteOpenMode.ReadWrite));
        session.Run("PRAGMA busy_timeout = 2000");
        using (cancellation.UnsafeRegister(static session => ((SqliteSession)session!).Interrupt(), session))
        {
            cancellation.ThrowIfCancellationRequested();
            session.Execute("VACUUM INTO $0", file);
        }
    }

    private static FileStream OpenAndUnlink(string file)
    {
        var stream = new FileStream(
            file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1 << 16, FileOptions.Asynchronous | FileOptions.SequentialScan | FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            Remove(file);
        }

        return stream;
    }

    private static void Remove(string file)
    {
        try
        {
            File.Delete(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Windows: it leaves when it is closed.
        }
    }
}
