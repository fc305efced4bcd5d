using System.Collections.Concurrent;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Storage.Embedded.Counters;

/// <summary>Counters in this process: exact, without waiting, written to the database in the background.</summary>
/// <remarks>
/// The numbers of an outcome say what the counter holds after the call: a charge that fits but was not spent (a peek, or another
/// charge refused) is reported without the cost. <see cref="SpendStatus.KeyChanged"/> is never answered: there is one process, and the
/// runtime drops its cached record before a write of the key returns, so a decision that still spends began before that write.
/// <para>
/// Memory: about 400 bytes for a subject with one counter, at most 16 KiB more for each sliding log in full use. A subject stays for
/// its longest window and up to one sweep (10 seconds) more, its quotas until they are saved and idle; so subjects that come once, at
/// 10,000 a second with windows of a minute, hold about 280 MB and no more. A subject that is not in memory costs one look-up in the file.
/// </para>
/// </remarks>
internal sealed class EmbeddedCounterStore : ICounterStore
{
    private readonly ConcurrentDictionary<Subject, SubjectCounters> _subjects = new();
    private readonly RememberedSpendings _remembered = new();
    private readonly CounterRows _rows;
    private readonly CounterLog _saved;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Func<Subject, SubjectCounters> _make;
    private long _lastSequence;
    private SubjectCounters? _listed;

    public EmbeddedCounterStore(CounterRows rows, CounterLog saved, TimeProvider time, ILogger<EmbeddedCounterStore> log)
    {
        _rows = rows;
        _saved = saved;
        _time = time;
        _log = log;
        _make = subject => new SubjectCounters(subject, Interlocked.Increment(ref _lastSequence));
        Keeper = new CounterKeeper(this, rows, saved, log);
    }

    public bool ComparesKeys => false;

    /// <summary>What saves and sweeps.</summary>
    public CounterKeeper Keeper { get; }

    /// <summary>The store's clock, in microseconds since the Unix epoch.</summary>
    public long NowUs => (_time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>Subjects in memory.</summary>
    public ConcurrentDictionary<Subject, SubjectCounters> Subjects => _subjects;

    /// <summary>Answers kept for idempotency keys.</summary>
    public RememberedSpendings Remembered => _remembered;

    /// <inheritdoc />
    /// <exception cref="ArgumentException">The cost is below 1, or two charges name one counter.</exception>
    public ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation) => new(SpendNow(in spending));

    /// <summary>As <see cref="SpendAsync"/>, which never waits.</summary>
    public SpendResult SpendNow(in Spending spending)
    {
        spending.RejectMalformed();
        return spending.IdempotencyKey is null || spending.IsPeek ? Spend(spending) : _remembered.SpendOnce(spending, this);
    }

    /// <summary>Reads back what was saved and is not in the table. To be called once, before anything else.</summary>
    public void Restore()
    {
        if (!_rows.AreKept)
        {
            return;
        }

        CounterLogReader reader = new(Fetch, _saved.Generation, NowUs);
        _saved.ReadAll(reader.Read, NowUs);
        if (reader.Damaged > 0)
        {
            EmbeddedStorageLog.LogDamaged(_log, reader.Damaged);
        }
    }

    public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation)
    {
        CounterReading[] readings = new CounterReading[charges.Count];
        for (int i = 0; i < readings.Length; i++)
        {
            SubjectCounters subject = Lock(charges[i].Counter.Subject);
            try
            {
                readings[i] = CounterReadings.Read(charges[i], subject.Find(charges[i].Counter), NowUs);
            }
            finally
            {
                Monitor.Exit(subject);
            }
        }

        return new ValueTask<IReadOnlyList<CounterReading>>(readings);
    }

    /// <inheritdoc />
    /// <remarks>On the disk when it returns.</remarks>
    public async ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation)
    {
        CounterReading[] before = new CounterReading[charges.Count];
        await Keeper.ChangeAsync(
            () =>
            {
                for (int i = 0; i < before.Length; i++)
                {
                    before[i] = Change(charges[i], (counter, nowUs) => counter?.Clear(nowUs), isReadBefore: true);
                }
            },
            cancellation).ConfigureAwait(false);
        return before;
    }

    /// <inheritdoc />
    /// <remarks>On the disk when it returns.</remarks>
    /// <exception cref="ArgumentException">The charge is no quota.</exception>
    public async ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation)
    {
        QuotaLimit limit = quota.Quota ?? throw new ArgumentException($"The counter {quota.Counter} is a rate; only a quota can be adjusted.", nameof(quota));
        CounterReading? after = null;
        await Keeper.ChangeAsync(
            () => after = Change(quota, (counter, nowUs) => counter!.Adjust(limit, delta, nowUs), isReadBefore: false), cancellation)
            .ConfigureAwait(false);
        return after!;
    }

    /// <inheritdoc />
    /// <remarks>The rows go first: a counter that is read back meanwhile is then cleared with the others.</remarks>
    public ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) =>
        Keeper.ChangeAsync(
            () =>
            {
                if (_rows.AreKept)
                {
                    _rows.Delete(subject, _saved);
                }

                if (_subjects.TryGetValue(subject, out SubjectCounters? counters))
                {
                    lock (counters)
                    {
                        counters.Clear();
                    }
                }
            },
            cancellation);

    /// <summary>Tests and spends in one step; forgets nothing and remembers nothing.</summary>
    internal SpendResult Spend(in Spending spending)
    {
        ChargeOutcomes outcomes = default;
        ChargedSubjects subjects = default;
        try
        {
            do
            {
                subjects = Gather(spending.Charges);
            }
            while (!subjects.TryLock());

            for (int i = 0; i < subjects.Count; i++)
            {
                Load(subjects.Distinct(i));
            }

            Settlement.Settle(spending, subjects, NowUs, ref outcomes, this);
        }
        finally
        {
            subjects.Unlock();
        }

        return new SpendResult(SpendStatus.Done, outcomes);
    }

    /// <summary>Puts a subject into the list of those to save. To be called under its lock.</summary>
    internal void List(SubjectCounters subject)
    {
        if (subject.IsListed || !_rows.AreKept)
        {
            return;
        }

        subject.IsListed = true;
        SubjectCounters? head;
        do
        {
            head = Volatile.Read(ref _listed);
            subject.NextListed = head;
        }
        while (Interlocked.CompareExchange(ref _listed, subject, head) != head);
    }

    /// <summary>Takes the whole list of subjects to save.</summary>
    internal SubjectCounters? TakeListed() => Interlocked.Exchange(ref _listed, null);

    private ChargedSubjects Gather(in ChargeList charges)
    {
        ChargedSubjects subjects = default;
        for (int i = 0; i < charges.Count; i++)
        {
            Subject name = charges[i].Counter.Subject;
            SubjectCounters? subject = subjects.Find(name);
            if (subject is null)
            {
                subject = Fetch(name);
                subjects.Insert(subject);
            }

            subjects.Name(i, subject);
        }

        return subjects;
    }

    private CounterReading Change(Charge charge, Action<Counter?, long> change, bool isReadBefore)
    {
        SubjectCounters subject = Lock(charge.Counter.Subject);
        try
        {
            long nowUs = NowUs;
            Counter? counter = subject.Find(charge.Counter) ?? (isReadBefore ? null : subject.Add(charge.Counter));
            CounterReading before = CounterReadings.Read(charge, counter, nowUs);
            change(counter, nowUs);
            List(subject);
            return isReadBefore ? before : CounterReadings.Read(charge, counter, nowUs);
        }
        finally
        {
            Monitor.Exit(subject);
        }
    }

    private SubjectCounters Fetch(Subject subject) =>
        _subjects.TryGetValue(subject, out SubjectCounters? known) ? known : _subjects.GetOrAdd(subject, _make);

    /// <summary>The subject, read from the disk where it is not in memory; the caller has its lock and gives it back.</summary>
    internal SubjectCounters Lock(Subject name)
    {
        while (true)
        {
            SubjectCounters subject = Fetch(name);
            Monitor.Enter(subject);
            try
            {
                if (!subject.IsGone)
                {
                    Load(subject);
                    return subject;
                }
            }
            catch
            {
                Monitor.Exit(subject);
                throw;
            }

            Monitor.Exit(subject);
        }
    }

    private void Load(SubjectCounters subject)
    {
        if (subject.IsLoaded)
        {
            return;
        }

        int damaged = _rows.Load(subject, NowUs);
        subject.IsLoaded = true;
        if (damaged > 0)
        {
            EmbeddedStorageLog.CountersDamaged(_log, damaged, subject.Subject.Kind, subject.Subject.Id);
        }
    }
}
