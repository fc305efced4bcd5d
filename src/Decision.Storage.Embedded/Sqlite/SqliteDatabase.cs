using System.Collections.Concurrent;
using Decision.Runtime.Stores;
using Microsoft.Data.Sqlite;

namespace Decision.Storage.Embedded.Sqlite;

/// <summary>The database: one writer, a few readers, and every error translated.</summary>
/// <remarks>
/// Work runs on the calling thread once it has its turn, so at most one thread waits for the disk to write and
/// <see cref="Readers"/> to read. With <c>:memory:</c> there is one connection and no file.
/// </remarks>
internal sealed class SqliteDatabase : IDisposable
{
    public const string InMemory = ":memory:";
    private const int Readers = 4;

    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SemaphoreSlim _reading = new(Readers, Readers);
    private readonly ConcurrentStack<SqliteSession> _idleReaders = new();
    private readonly string _configuredPath;
    private readonly EmbeddedMetrics? _metrics;
    private DatabaseFile? _file;
    private SqliteSession? _writer;
    private bool _isDisposed;

    /// <param name="path">The file, or <see cref="InMemory"/>.</param>
    /// <param name="metrics">Measures the work; null = nobody does.</param>
    public SqliteDatabase(string path, EmbeddedMetrics? metrics = null)
    {
        (_configuredPath, _metrics) = (path, metrics);
    }

    /// <summary>True when nothing is kept: the database goes with the process.</summary>
    public bool IsInMemory => _configuredPath == InMemory;

    /// <summary>The file, as messages name it.</summary>
    public string Path => _file?.Path ?? _configuredPath;

    /// <summary>Opens or makes the file and brings its tables up to date. To be called once, before anything else.</summary>
    /// <exception cref="StoreException">It cannot be used; an existing file is left as it was.</exception>
    public void Open()
    {
        if (string.IsNullOrWhiteSpace(_configuredPath))
        {
            throw new StoreException("Storage:Path is empty. Set it to a file, or to :memory: to keep nothing.");
        }

        if (IsInMemory)
        {
            Guard(() => Prepare(new SqliteSession("Data Source=:memory:;Pooling=False;Foreign Keys=True")));
            return;
        }

        DatabaseFile file = DatabaseFile.Take(_configuredPath);
        try
        {
            _file = file;
            Guard(OpenFile);
        }
        catch
        {
            _file = null;
            file.Discard();
            file.Dispose();
            throw;
        }
    }

    /// <summary>Runs the work in one transaction. It is on the disk when the call returns.</summary>
    public async ValueTask<T> WriteAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellation)
    {
        long begunAt = _metrics?.Begin() ?? 0;
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return Guard("write", begunAt, () => InTransaction(Writer, work));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Runs the work in one transaction, on this thread.</summary>
    public T Write<T>(Func<SqliteSession, T> work)
    {
        long begunAt = _metrics?.Begin() ?? 0;
        _writing.Wait();
        try
        {
            return Guard("write", begunAt, () => InTransaction(Writer, work));
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Runs the work on a connection that only reads.</summary>
    public async ValueTask<T> ReadAsync<T>(Func<SqliteSession, T> work, CancellationToken cancellation)
    {
        long begunAt = _metrics?.Begin() ?? 0;
        SemaphoreSlim turn = IsInMemory ? _writing : _reading;
        await turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return Guard("read", begunAt, () => OnReader(work));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Runs the work on a connection that only reads, on this thread.</summary>
    public T Read<T>(Func<SqliteSession, T> work)
    {
        long begunAt = _metrics?.Begin() ?? 0;
        SemaphoreSlim turn = IsInMemory ? _writing : _reading;
        turn.Wait();
        try
        {
            return Guard("read", begunAt, () => OnReader(work));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Closes the database and gives the file back; what is at work finishes first.</summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _writing.Wait();
        for (int i = 0; i < Readers; i++)
        {
            _reading.Wait();
        }

        _isDisposed = true;

        // Readers first: the connection that closes last carries the write-ahead log over, and only the writer can.
        while (_idleReaders.TryPop(out SqliteSession? reader))
        {
            reader.Dispose();
        }

        _writer?.Dispose();
        _writer = null;
        _file?.Dispose();
        _reading.Release(Readers);
        _writing.Release();
    }

    private SqliteSession Writer =>
        _writer ?? throw new StoreException($"The database {Path} is not open{(_isDisposed ? " any more: the server stops" : " yet")}.");

    private static T InTransaction<T>(SqliteSession session, Func<SqliteSession, T> work)
    {
        session.Execute("BEGIN IMMEDIATE");
        try
        {
            T answer = work(session);
            session.Execute("COMMIT");
            return answer;
        }
        catch
        {
            if (session.IsInTransaction)
            {
                session.Execute("ROLLBACK");
            }

            throw;
        }
    }

    private T OnReader<T>(Func<SqliteSession, T> work)
    {
        SqliteSession writer = Writer;
        if (IsInMemory)
        {
            return work(writer);
        }

        if (!_idleReaders.TryPop(out SqliteSession? reader))
        {
            reader = new SqliteSession(ConnectionString(Path, SqliteOpenMode.ReadWrite));
            reader.Run("PRAGMA query_only = 1; PRAGMA busy_timeout = 2000");
        }

        // A reader that failed is not lent again: a new connection may find what the old one could not.
        T answer;
        try
        {
            answer = work(reader);
        }
        catch
        {
            reader.Dispose();
            throw;
        }

        _idleReaders.Push(reader);
        return answer;
    }

    private void OpenFile()
    {
        DatabaseFile file = _file!;

        // Looks at the file without a lock, a journal or a write, so that a refused file is left as it was. With a write-ahead log
        // beside it the file alone is not the whole database, and only a real connection can tell.
        if (!file.IsEmpty && !file.HasWriteAheadLog)
        {
            using SqliteSession look = new(ImmutableConnectionString(file.Path));
            if (SqliteSchema.Check(look, file.Path) > 0)
            {
                look.Scalar("SELECT MIN(id) FROM keys");
                look.Scalar("SELECT MIN(id) FROM documents");
                look.Scalar("SELECT MIN(subject_id) FROM counters");
            }
        }

        SqliteSession writer = new(ConnectionString(file.Path, SqliteOpenMode.ReadWrite));
        try
        {
            writer.Run("PRAGMA busy_timeout = 2000");
            SqliteSchema.Check(writer, file.Path);
            writer.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864");
        }
        catch
        {
            writer.Dispose();
            throw;
        }

        Prepare(writer);
    }

    private void Prepare(SqliteSession writer)
    {
        try
        {
            SqliteSchema.Migrate(writer, Path);
        }
        catch
        {
            writer.Dispose();
            throw;
        }

        _writer = writer;
    }

    /// <summary>What opens a file without a pool.</summary>
    public static string ConnectionString(string source, SqliteOpenMode mode) =>
        new SqliteConnectionStringBuilder { DataSource = source, Mode = mode, Pooling = false, ForeignKeys = true, DefaultTimeout = 2 }.ToString();

    /// <summary>What opens a file that nobody writes to, without a lock, a journal or a write.</summary>
    public static string ImmutableConnectionString(string file) => ConnectionString(
        "file:" + string.Join('/', file.Split('/').Select(Uri.EscapeDataString)) + "?immutable=1", SqliteOpenMode.ReadOnly);

    private void Guard(Action work)
    {
        try
        {
            work();
        }
        catch (SqliteException error)
        {
            throw SqliteErrors.Translate(error, Path);
        }
    }

    private T Guard<T>(string operation, long begunAt, Func<T> work)
    {
        try
        {
            T answer = work();
            _metrics?.Answered(operation, begunAt);
            return answer;
        }
        catch (SqliteException error)
        {
            _metrics?.Failed(operation);
            throw SqliteErrors.Translate(error, Path);
        }
    }
}
