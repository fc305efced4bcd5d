using System.Buffers;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Sqlite;

namespace Decision.Storage.Embedded.Counters;

/// <summary>Counters as rows of the database.</summary>
/// <param name="database">The database; null = counters that only stand in for others, in memory alone.</param>
internal sealed class CounterRows(SqliteDatabase? database)
{
    /// <summary>Bytes of states from which on a transaction is closed and another one begun, so that a save holds little memory and lets others write.</summary>
    private const int BatchBytes = 4 << 20;

    /// <summary>Counters from which on a transaction is closed, some tens of milliseconds of writing: an edit of a policy that waits for its turn is not to wait for all of them.</summary>
    private const int BatchRows = 5_000;

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

    /// <summary>Reads what is kept of a subject. To be called under its lock.</summary>
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
            bool isRate = LimitStateFormat.TryRead(state, out RateState rate);
            QuotaState quota = default;
            if (!isRate && !LimitStateFormat.TryRead(state, out quota))
            {
                damaged++;
                continue;
            }

            Counter counter = subject.Add(new CounterKey(subject.Subject, name));
            counter.Rate = rate;
            counter.Quota = quota;
            counter.IsQuota = !isRate;
            counter.TouchedUs = nowUs;
        }

        return damaged;
    }

    /// <summary>Takes down the changed counters of a subject, to be written by <see cref="Flush"/>; true when it is time for that.</summary>
    /// <remarks>To be called under the subject's lock, and by one thread at a time.</remarks>
    public bool Take(SubjectCounters subject, bool withBrief)
    {
        foreach (Counter counter in subject.Counters)
        {
            if (!counter.IsChanged || (counter.IsBrief && !withBrief))
            {
                continue;
            }

            int from = _bytes.WrittenCount;
            if (!counter.IsEmpty)
            {
                if (counter.IsQuota)
                {
                    LimitStateFormat.Write(_bytes, counter.Quota);
                }
                else
                {
                    LimitStateFormat.Write(_bytes, counter.Rate);
                }
            }

            _rows.Add(new Row(subject, counter, from, _bytes.WrittenCount - from, counter.IdleAtUs));
            counter.IsChanged = false;
        }

        return _bytes.WrittenCount >= BatchBytes || _rows.Count >= BatchRows;
    }

    /// <summary>Writes what was taken down, in one transaction.</summary>
    /// <param name="giveBack">Gets each subject whose counters could not be written; they count as changed again.</param>
    public void Flush(Action<SubjectCounters> giveBack)
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
            foreach (Row row in _rows)
            {
                lock (row.Subject)
                {
                    row.Counter.IsChanged = true;
                    giveBack(row.Subject);
                }
            }

            throw;
        }
        finally
        {
            _rows.Clear();
            _bytes.ResetWrittenCount();
        }
    }

    /// <summary>Removes every row of a subject.</summary>
    public void Delete(Subject subject) => database!.Write(session => session.Execute(
        "DELETE FROM counters WHERE subject_kind = $0 AND subject_id = $1", (long)subject.Kind, subject.Id));

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
            Subject subject = row.Subject.Subject;
            if (row.Length == 0)
            {
                session.Execute(
                    "DELETE FROM counters WHERE subject_kind = $0 AND subject_id = $1 AND name = $2",
                    (long)subject.Kind, subject.Id, row.Counter.Key.Name);
            }
            else
            {
                session.Execute(
                    Upsert, (long)subject.Kind, subject.Id, row.Counter.Key.Name, bytes.Slice(row.From, row.Length).ToArray(), row.IdleAtUs);
            }
        }

        return _rows.Count;
    }

    private readonly record struct Row(SubjectCounters Subject, Counter Counter, int From, int Length, long? IdleAtUs);
}
