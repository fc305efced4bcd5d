using System.Buffers;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;

namespace Decision.Storage.Embedded.Counters;

/// <summary>Counters as rows of the database, each below its name. What was saved last may still be in the log alone (<see cref="CounterLog"/>).</summary>
/// <param name="database">The database; null = counters that only stand in for others, in memory alone.</param>
internal sealed class CounterRows(SqliteDatabase? database)
{
    /// <summary>Bytes of states from which on a transaction is closed and another one begun, so that it holds little memory and lets others write.</summary>
    private const int BatchBytes = 4 << 20;

    /// <summary>Counters from which on a transaction is closed, some tens of milliseconds of writing: an edit of a policy that waits for its turn is not to wait for all of them.</summary>
    private const int BatchRows = 5_000;

    // No index is touched where the moment stays: a quota has the same from the beginning of its period to the end.
    private const string Update =
        "UPDATE counters SET state = $3 WHERE subject_kind = $0 AND subject_id = $1 AND name = $2 AND idle_us IS $4";

    private const string Upsert =
        """
        INSERT INTO counters (subject_kind, subject_id, name, state, idle_us) VALUES ($0, $1, $2, $3, $4)
        ON CONFLICT (subject_kind, subject_id, name) DO UPDATE SET state = excluded.state, idle_us = excluded.idle_us
        """;

    private readonly ArrayBufferWriter<byte> _bytes = new(64 << 10);
    private readonly List<Row> _rows = [];

    /// <summary>False for <c>:memory:</c>: there is nothing to read counters back from.</summary>
    public bool AreKept => database is { IsInMemory: false };

    /// <summary>True for counters that only stand in for others: a quota that nobody spends on for a while may be forgotten.</summary>
    public bool AreExpendable => database is null;

    /// <summary>Reads what is kept of a subject, but for what is in memory already. To be called under its lock.</summary>
    /// <returns>How many rows were damaged and left out.</returns>
    public int Load(SubjectCounters subject, long nowUs)
    {
        if (!AreKept)
        {
            return 0;
        }

        List<(string Name, byte[] State)> rows = database!.Read(session => session.Query(
            "SELECT name, state FROM counters WHERE subject_kind = $0 AND subject_id = $1 AND (idle_us IS NULL OR idle_us > $2)",
            row => (row.GetString(0), row.GetFieldValue<byte[]>(1)),
            (long)subject.Subject.Kind, subject.Subject.Id, nowUs));
        int damaged = 0;
        foreach ((string name, byte[] state) in rows)
        {
            // What the log had of it is newer.
            Counter counter = new(new CounterKey(subject.Subject, name));
            if (subject.Find(counter.Key) is not null)
            {
                continue;
            }

            if (counter.TryRestore(state, nowUs))
            {
                subject.Add(counter);
            }
            else
            {
                damaged++;
            }
        }

        return damaged;
    }

    /// <summary>Takes down what the log has of a subject and the table has not, to be written by <see cref="Flush"/>; true when it is time for that.</summary>
    /// <param name="subject">Whose counters.</param>
    /// <param name="generation">Up to which generation of the log; what it has again in a later one comes with that.</param>
    /// <param name="withChanged">
    /// Whether also counters that changed since they were logged. They are written as they are now and stay changed: the log, which is read after
    /// the table, must get them too.
    /// </param>
    /// <remarks>To be called under the subject's lock and on the keeper's turn.</remarks>
    public bool Take(SubjectCounters subject, int generation, bool withChanged)
    {
        foreach (Counter counter in subject.Counters)
        {
            if (counter.LoggedIn == 0 || counter.LoggedIn > generation || (counter.IsChanged && !withChanged))
            {
                continue;
            }

            int from = _bytes.WrittenCount;
            if (!counter.IsEmpty)
            {
                counter.Write(_bytes);
            }

            _rows.Add(new Row(counter, from, _bytes.WrittenCount - from, counter.IdleAtUs, counter.LoggedIn));
            counter.LoggedIn = 0;
        }

        return _bytes.WrittenCount >= BatchBytes || _rows.Count >= BatchRows;
    }

    /// <summary>Writes what was taken down, in one transaction.</summary>
    public void Flush()
    {
        try
        {
            if (_rows.Count > 0)
            {
                database!.Write(Write);
            }
        }
        catch
        {
            _rows.ForEach(static row => row.Counter.LoggedIn = row.LoggedIn);
            throw;
        }
        finally
        {
            _rows.Clear();
            _bytes.ResetWrittenCount();
        }
    }

    /// <summary>Removes every row of a subject, and has the log say so.</summary>
    public void Delete(Subject subject, CounterLog log) => database!.Write(session =>
    {
        log.AddDeleted(session, subject);
        return session.Execute("DELETE FROM counters WHERE subject_kind = $0 AND subject_id = $1", (long)subject.Kind, subject.Id);
    });

    /// <summary>Removes the rows whose states no longer count.</summary>
    public int DeleteIdle(long nowUs) =>
        AreKept ? database!.Write(session => session.Execute("DELETE FROM counters WHERE idle_us <= $0", nowUs)) : 0;

    /// <summary>A page of the rows that still count, in the order of their keys, after <paramref name="last"/>; their states are not looked into.</summary>
    public async ValueTask<IReadOnlyList<StoredCounter>> PageAsync(StoredCounter? last, int size, long nowUs, CancellationToken cancellation) =>
        await database!.ReadAsync(
            session => session.Query(
                """
                SELECT subject_kind, subject_id, name, state FROM counters
                WHERE (subject_kind, subject_id, name) > ($0, $1, $2) AND (idle_us IS NULL OR idle_us > $3)
                ORDER BY subject_kind, subject_id, name LIMIT $4
                """,
                row => new StoredCounter(
                    new Subject((SubjectKind)row.GetByte(0), row.GetString(1)), row.GetString(2), row.GetFieldValue<byte[]>(3)),
                last is null ? -1 : (long)last.Subject.Kind, last?.Subject.Id ?? "", last?.Name ?? "", nowUs, size),
            cancellation).ConfigureAwait(false);

    private int Write(SqliteSession session)
    {
        ReadOnlySpan<byte> bytes = _bytes.WrittenSpan;
        foreach (Row row in _rows)
        {
            CounterKey key = row.Counter.Key;
            if (row.Length == 0)
            {
                session.Execute(
                    "DELETE FROM counters WHERE subject_kind = $0 AND subject_id = $1 AND name = $2", (long)key.Subject.Kind, key.Subject.Id, key.Name);
            }
            else
            {
                ReadOnlySpan<object?> values = [(long)key.Subject.Kind, key.Subject.Id, key.Name, bytes.Slice(row.From, row.Length).ToArray(), row.IdleAtUs];
                if (!row.Counter.IsQuota || session.Execute(Update, values) == 0)
                {
                    session.Execute(Upsert, values);
                }
            }
        }

        return _rows.Count;
    }

    private readonly record struct Row(Counter Counter, int From, int Length, long? IdleAtUs, int LoggedIn);
}
