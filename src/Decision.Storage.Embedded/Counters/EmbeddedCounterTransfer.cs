using System.Buffers;
using System.Runtime.CompilerServices;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Storage.Embedded.Counters;

/// <summary>Carries all counters out of the store and others into it.</summary>
internal sealed class EmbeddedCounterTransfer(EmbeddedCounterStore store, CounterRows rows) : ICounterTransfer
{
    /// <summary>Rows that are read at once.</summary>
    internal const int PageSize = 1_000;

    /// <inheritdoc />
    /// <remarks>What is not in the table yet is carried there first; then the rows are everything. With <c>:memory:</c> there are none.</remarks>
    public async IAsyncEnumerable<StoredCounter> ExportAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        if (!rows.AreKept)
        {
            foreach ((_, SubjectCounters subject) in store.Subjects)
            {
                cancellation.ThrowIfCancellationRequested();
                foreach (StoredCounter counter in Copy(subject))
                {
                    yield return counter;
                }
            }

            yield break;
        }

        if (!await store.Keeper.SaveAllAsync(cancellation).ConfigureAwait(false) || !await store.Keeper.MergeAsync(cancellation).ConfigureAwait(false))
        {
            throw new StoreException(store.Keeper.LastError ?? "Counters could not be saved.");
        }

        StoredCounter? last = null;
        IReadOnlyList<StoredCounter> page;
        do
        {
            page = await rows.PageAsync(last, PageSize, store.NowUs, cancellation).ConfigureAwait(false);
            foreach (StoredCounter counter in page)
            {
                last = counter;
                yield return counter;
            }
        }
        while (page.Count == PageSize);
    }

    /// <inheritdoc />
    public async ValueTask<CounterImport> ImportAsync(IReadOnlyList<StoredCounter> counters, CancellationToken cancellation)
    {
        var states = new (RateState Rate, QuotaState Quota)[counters.Count];
        for (int i = 0; i < states.Length; i++)
        {
            ReadOnlySpan<byte> state = counters[i].State.Span;
            if (!LimitStateFormat.TryRead(state, out states[i].Rate) && !LimitStateFormat.TryRead(state, out states[i].Quota))
            {
                throw new ArgumentException($"The state of the counter {counters[i].Name} is damaged; nothing was imported.", nameof(counters));
            }
        }

        CounterImport sum = default;
        List<SubjectCounters> fetched = [];
        await store.Keeper.ChangeAsync(
            () =>
            {
                for (int i = 0; i < states.Length; i++)
                {
                    sum += Merge(counters[i], states[i].Rate, states[i].Quota, fetched);
                }
            },
            cancellation).ConfigureAwait(false);

        // A million subjects must not stay in memory only because they were imported. This is a turn of its own, after the one that saved them.
        await store.Keeper.ChangeAsync(() => LetGo(fetched), CancellationToken.None).ConfigureAwait(false);
        return sum;
    }

    private List<StoredCounter> Copy(SubjectCounters subject)
    {
        List<StoredCounter> copies = [];
        lock (subject)
        {
            foreach (Counter counter in subject.Counters)
            {
                if (!counter.IsEmpty && !(counter.IdleAtUs is { } idle && idle <= store.NowUs))
                {
                    copies.Add(new StoredCounter(subject.Subject, counter.Key.Name, StateOf(counter)));
                }
            }
        }

        return copies;
    }

    private CounterImport Merge(StoredCounter counter, in RateState rate, in QuotaState quota, List<SubjectCounters> fetched)
    {
        bool wasInMemory = store.Subjects.ContainsKey(counter.Subject);
        SubjectCounters subject = store.Lock(counter.Subject);
        try
        {
            if (!wasInMemory)
            {
                fetched.Add(subject);
            }

            CounterKey key = new(subject.Subject, counter.Name);
            Counter? stored = subject.Find(key);
            CounterImport outcome = OutcomeOf(stored, counter.State.Span, rate, quota);
            if (outcome.Written > 0)
            {
                stored ??= subject.Add(key);
                stored.Take(rate, quota, store.NowUs);
                store.List(subject);
            }

            return outcome;
        }
        finally
        {
            Monitor.Exit(subject);
        }
    }

    private CounterImport OutcomeOf(Counter? stored, ReadOnlySpan<byte> state, in RateState rate, in QuotaState quota)
    {
        CounterImport written = new(1, 0, 0), unchanged = new(0, 1, 0), kept = new(0, 0, 1);
        if (rate.IsEmpty && quota.StartUs == 0)
        {
            return unchanged;
        }

        if (stored is null || stored.IsEmpty)
        {
            return written;
        }

        if (StateOf(stored).AsSpan().SequenceEqual(state))
        {
            return unchanged;
        }

        bool isQuota = rate.IsEmpty;
        if (stored.IsQuota && isQuota)
        {
            bool isMore = quota.StartUs != stored.Quota.StartUs ? quota.StartUs > stored.Quota.StartUs : quota.Used > stored.Quota.Used;
            return isMore ? written : kept;
        }

        bool stillCounts = stored.IdleAtUs is not { } idle || idle > store.NowUs;
        return stillCounts ? kept : written;
    }

    private static byte[] StateOf(Counter counter)
    {
        ArrayBufferWriter<byte> bytes = new(64);
        counter.Write(bytes);
        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>Carries subjects into the table, and lets them leave memory. Under the keeper's turn: nothing else is on its way to the disk then.</summary>
    private void LetGo(List<SubjectCounters> subjects)
    {
        if (!rows.AreKept)
        {
            return;
        }

        foreach (SubjectCounters subject in subjects)
        {
            bool isDue;
            lock (subject)
            {
                isDue = rows.Take(subject, int.MaxValue, withChanged: true);
            }

            if (isDue)
            {
                rows.Flush();
            }
        }

        rows.Flush();
        subjects.ForEach(LetGo);
    }

    private void LetGo(SubjectCounters subject)
    {
        lock (subject)
        {
            if (subject.IsGone || subject.IsListed)
            {
                return;
            }

            foreach (Counter counter in subject.Counters)
            {
                if (counter.IsChanged || counter.LoggedIn != 0)
                {
                    return;
                }
            }

            subject.IsGone = true;
            store.Subjects.TryRemove(new KeyValuePair<Subject, SubjectCounters>(subject.Subject, subject));
        }
    }
}
