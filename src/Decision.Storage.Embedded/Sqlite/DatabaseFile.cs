using System.Buffers.Binary;
using Decision.Runtime.Stores;

namespace Decision.Storage.Embedded.Sqlite;

/// <summary>
/// Makes sure, before SQLite touches it, that the file can be this server's database; holds the lock that keeps a second server out.
/// </summary>
/// <remarks>
/// The lock lies on a file beside the database and not on the database, because SQLite's own exclusive mode would also keep out this
/// server's readers. The system gives it back when the process ends, however it ends; the empty lock file stays and means nothing.
/// </remarks>
internal sealed class DatabaseFile : IDisposable
{
    private const int HeaderLength = 100;
    private readonly FileStream _lock;
    private readonly bool _isNew;

    private DatabaseFile(string path, FileStream @lock, bool isNew)
    {
        Path = path;
        _lock = @lock;
        _isNew = isNew;
    }

    /// <summary>The file itself, links resolved: two names of one file are one database.</summary>
    public string Path { get; }

    /// <summary>Changes of an earlier run that SQLite has not yet carried over into the file; they must be read with it.</summary>
    public bool HasWriteAheadLog => new FileInfo(Path + "-wal") is { Exists: true, Length: > 0 };

    /// <summary>True when the file has no content yet.</summary>
    public bool IsEmpty => new FileInfo(Path).Length == 0;

    public static string NotADatabase(string path) =>
        $"The file {path} is not a database of this server. Set Storage:Path to another file, or restore a backup to this one.";

    /// <summary>Checks the file or makes it (mode 0600, in a folder of mode 0700), and locks it.</summary>
    /// <exception cref="StoreException">It cannot be used; nothing in its folder has been changed.</exception>
    public static DatabaseFile Take(string path)
    {
        try
        {
            return TakeCore(Resolve(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new StoreException(
                $"The database {path} cannot be opened or made: {error.Message.TrimEnd('.')}. Set Storage:Path to a file in a folder that the server's user may write to.",
                error);
        }
    }

    /// <summary>Removes a file that was made by <see cref="Take"/>, when what comes after it failed.</summary>
    public void Discard()
    {
        if (_isNew && IsEmpty)
        {
            File.Delete(Path);
        }
    }

    public void Dispose() => _lock.Dispose();

    private static string Resolve(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        FileInfo file = new(full);
        return file.LinkTarget is null ? full : file.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
    }

    private static DatabaseFile TakeCore(string path)
    {
        if (Directory.Exists(path))
        {
            throw new StoreException($"The database {path} is a folder. Set Storage:Path to a file.");
        }

        string folder = System.IO.Path.GetDirectoryName(path) ?? path;
        bool exists = File.Exists(path);
        if (exists)
        {
            Inspect(path);
        }
        else
        {
            MakeFolder(folder);
        }

        if (File.GetAttributes(folder).HasFlag(FileAttributes.ReadOnly))
        {
            throw new StoreException(
                $"The folder {folder} of the database is read-only, but SQLite keeps its journal there. Let the server's user write to it.");
        }

        FileStream held = Lock(path);
        try
        {
            if (!exists)
            {
                using FileStream made = Open(path, FileMode.CreateNew, FileShare.ReadWrite);
            }
        }
        catch
        {
            held.Dispose();
            throw;
        }

        return new DatabaseFile(path, held, !exists);
    }

    /// <summary>Makes a folder for the owner alone, where there is none.</summary>
    public static void MakeFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static void Inspect(string path)
    {
        if (File.GetAttributes(path).HasFlag(FileAttributes.ReadOnly))
        {
            throw new StoreException($"The database {path} is read-only. Let the server's user write to the file.");
        }

        using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        Span<byte> header = stackalloc byte[HeaderLength];
        int read = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        if (read == 0)
        {
            return;
        }

        if (read < HeaderLength || !header.StartsWith("SQLite format 3\0"u8))
        {
            throw new StoreException(NotADatabase(path));
        }

        // The header's page count may only be trusted when it was written together with the change counter. A write-ahead log may
        // still hold the missing pages.
        int pageSize = BinaryPrimitives.ReadUInt16BigEndian(header[16..]) is var size && size == 1 ? 65536 : size;
        bool isCountValid = header[24..28].SequenceEqual(header[92..96]);
        long expected = (long)pageSize * BinaryPrimitives.ReadUInt32BigEndian(header[28..]);
        if (isCountValid && file.Length < expected && !File.Exists(path + "-wal"))
        {
            throw new StoreException(
                $"The database {path} is cut short: it has {file.Length} of {expected} bytes. Restore a backup to this file, or set Storage:Path to another one.");
        }
    }

    private static FileStream Lock(string path)
    {
        try
        {
            return Open(path + ".lock", FileMode.OpenOrCreate, FileShare.None);
        }
        catch (IOException error) when (File.Exists(path + ".lock"))
        {
            throw new StoreException(
                $"Another server already works on the database {path}. Stop it first, or give each server its own Storage:Path; several servers share counters through Redis (Storage:Kind=redis).",
                error);
        }
    }

    private static FileStream Open(string path, FileMode mode, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.ReadWrite, Share = share };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }
}
