using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Decision.Engine.Charges;
using Decision.Storage.Embedded.Sqlite;

namespace Decision.Storage.Embedded.Counters;

/// <summary>What was saved of counters lately, one after the other, so that a save writes no more than what changed.</summary>
/// <remarks>
/// In the table (<see cref="CounterRows"/>) a counter that changed costs the pages around it: with a million keys nearly all of them, each
/// second. So a save is added to the log, and the table gets the newest state of each counter when the log has grown
/// (<see cref="CounterMerge"/>): what is spent on all the time never. What the log alone has is in memory, and a start reads it back
/// (<see cref="CounterLogReader"/>).
/// <para>
/// A row is a chunk of records: a subject (kind, id, number of counters; none = all of its counters were deleted), then for each counter the
/// number of its name in the chunk, from 1 on (0 = a new name follows), the length of the state (0 = cleared) and the state, and the moment
/// from which on a quota no longer counts, 0 where there is none.
/// </para>
/// The generation tells two parts of the log apart: what is carried into the table now, and what came since. Everything here belongs to the
/// keeper's turn.
/// </remarks>
/// <param name="database">The database; null = counters that only stand in for others, in memory alone.</param>
[SuppressMessage("Design", "CA1001", Justification = "A writer over memory has nothing to give back.")]
internal sealed class CounterLog(SqliteDatabase? database)
{
    /// <summary>Bytes of a generation at which it is carried into the table in any case. More makes a start longer, which reads it back; less makes saves dearer (docs/performance.md).</summary>
    public const long MostBytes = 64 << 20;

    /// <summary>Bytes at which it is where it has each counter <see cref="RepeatedTimes"/> times: the table gets far less than was logged.</summary>
    private const long RepeatedBytes = 16 << 20;

    private const int RepeatedTimes = 3;

    /// <summary>Age at which it is. What only the log has stays in memory.</summary>
    private const long MostAgeUs = 60_000_000;

    /// <summary>Bytes of a chunk. Below those from which on an array is collected with the oldest generation only.</summary>
    private const int ChunkBytes = 64 << 10;

    /// <summary>Bytes from which on a transaction is closed and another one begun, so that a save holds little memory and lets others write.</summary>
    private const int BatchBytes = 4 << 20;

    /// <summary>Chunks that are removed in one transaction.</summary>
    private const int BatchChunks = 64;

    private const string Insert = "INSERT INTO counter_log (records) VALUES ($0)";

    private readonly ArrayBufferWriter<byte> _state = new(64);
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<byte[]> _chunks = [];
    private readonly List<Taken> _taken = [];
    private readonly BinaryWriter _chunk = new(new MemoryStream());
    private int _pendingBytes;

    // Of this generation: states, counters that it has at least one state of, and when it began.
    private long _states;
    private long _counters;
    private long _beganUs;

    /// <summary>What is logged now belongs to this generation.</summary>
    public int Generation { get; private set; } = 1;

    /// <summary>Bytes that this generation has.</summary>
    public long Bytes { get; private set; }

    /// <summary>Takes down the changed counters of a subject, to be written by <see cref="Flush"/>; true when it is time for that.</summary>
    /// <remarks>To be called under the subject's lock.</remarks>
    public bool Take(SubjectCounters subject, bool withBrief)
    {
        int changed = 0;
        foreach (Counter counter in subject.Counters)
        {
            changed += IsDue(counter, withBrief) ? 1 : 0;
        }

        if (changed == 0)
        {
            return false;
        }

        WriteSubject(subject.Subject, changed);
        foreach (Counter counter in subject.Counters)
        {
            if (IsDue(counter, withBrief))
            {
                Write(counter);
                _taken.Add(new Taken(subject, counter, counter.LoggedIn));
                counter.LoggedIn = Generation;
                counter.IsChanged = false;
            }
        }

        subject.LoggedIn = Generation;
        if (_chunk.BaseStream.Length >= ChunkBytes)
        {
            CloseChunk();
        }

        return _pendingBytes >= BatchBytes;
    }

    /// <summary>Writes what was taken down, in one transaction.</summary>
    /// <param name="giveBack">Gets each subject whose counters could not be written; they count as changed again.</param>
    public void Flush(Action<SubjectCounters> giveBack)
    {
        try
        {
            CloseChunk();
            if (_chunks.Count > 0)
            {
                database!.Write(session => _chunks.Sum(chunk => session.Execute(Insert, chunk)));
                Bytes += _pendingBytes;
                _states += _taken.Count;
                _counters += _taken.Count(taken => taken.LoggedIn != Generation);
            }
        }
        catch
        {
            foreach (Taken taken in _taken)
            {
                lock (taken.Subject)
                {
                    taken.Counter.LoggedIn = taken.LoggedIn;
                    taken.Counter.IsChanged = true;
                    giveBack(taken.Subject);
                }
            }

            throw;
        }
        finally
        {
            _chunks.Clear();
            _taken.Clear();
            _pendingBytes = 0;
        }
    }

    /// <summary>Says that all counters of a subject are deleted, in the transaction in which they are.</summary>
    public void AddDeleted(SqliteSession session, Subject subject)
    {
        WriteSubject(subject, counters: 0);
        byte[] chunk = EndChunk();
        session.Execute(Insert, chunk);
        Bytes += chunk.Length;
    }

    /// <summary>Whether this generation has grown so much, or is so old, that it is to be carried into the table.</summary>
    public bool IsMergeDue(long nowUs) =>
        Bytes >= MostBytes
        || (Bytes >= RepeatedBytes && _states >= RepeatedTimes * _counters)

        // Either way: a clock that was set back must not stop it.
        || (Bytes > 0 && Math.Abs(nowUs - _beganUs) >= MostAgeUs);

    /// <summary>Begins another generation.</summary>
    /// <returns>The last chunk of those before.</returns>
    public long BeginGeneration(long nowUs)
    {
        long last = database!.Read(session => (long?)session.Scalar("SELECT MAX(seq) FROM counter_log")) ?? 0;
        Generation++;
        Bytes = _states = _counters = 0;
        _beganUs = nowUs;
        return last;
    }

    /// <summary>Removes some of the chunks up to the one given, oldest first: what is left must be what came last.</summary>
    /// <returns>Whether there was any.</returns>
    public bool RemoveSome(long last) => database!.Write(session => session.Execute(
        "DELETE FROM counter_log WHERE seq <= $0 AND seq < (SELECT MIN(seq) FROM counter_log) + $1", last, BatchChunks)) > 0;

    /// <summary>Gives the chunks that an earlier process left, in their order; they belong to the generation of now.</summary>
    public void ReadAll(Action<byte[]> read, long nowUs)
    {
        _beganUs = nowUs;
        long last = 0;
        while (ReadSome(last) is { Count: > 0 } chunks)
        {
            foreach ((long seq, byte[] records) in chunks)
            {
                read(records);
                last = seq;
                Bytes += records.Length;
            }
        }
    }

    private static bool IsDue(Counter counter, bool withBrief) => counter.IsChanged && (withBrief || !counter.IsBrief);

    private List<(long Seq, byte[] Records)> ReadSome(long last) => database!.Read(session => session.Query(
        "SELECT seq, records FROM counter_log WHERE seq > $0 ORDER BY seq LIMIT $1", row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), last, BatchChunks));

    private void WriteSubject(Subject subject, int counters)
    {
        _chunk.Write((byte)subject.Kind);
        _chunk.Write(subject.Id);
        _chunk.Write7BitEncodedInt(counters);
    }

    private void Write(Counter counter)
    {
        string name = counter.Key.Name;
        _chunk.Write7BitEncodedInt(_names.GetValueOrDefault(name));
        if (_names.TryAdd(name, _names.Count + 1))
        {
            _chunk.Write(name);
        }

        _state.ResetWrittenCount();
        if (!counter.IsEmpty)
        {
            counter.Write(_state);
        }

        _chunk.Write7BitEncodedInt(_state.WrittenCount);
        _chunk.Write(_state.WrittenSpan);
        _chunk.Write7BitEncodedInt64(counter.IsQuota ? counter.IdleAtUs ?? 0 : 0);
    }

    private void CloseChunk()
    {
        if (_chunk.BaseStream.Length > 0)
        {
            byte[] chunk = EndChunk();
            _pendingBytes += chunk.Length;
            _chunks.Add(chunk);
        }
    }

    private byte[] EndChunk()
    {
        MemoryStream stream = (MemoryStream)_chunk.BaseStream;
        byte[] chunk = stream.ToArray();
        stream.SetLength(0);
        _names.Clear();
        return chunk;
    }

    private readonly record struct Taken(SubjectCounters Subject, Counter Counter, int LoggedIn);
}
