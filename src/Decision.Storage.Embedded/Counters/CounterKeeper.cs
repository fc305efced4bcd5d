using System.Diagnostics.CodeAnalysis;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Storage.Embedded.Counters;

/// <summary>Carries changed counters to the disk and idle ones out of memory, one such work at a time.</summary>
/// <remarks>
/// A subject's lock is never held while the disk is written. Only here subjects leave memory, so none leaves between being taken down
/// and being on the disk.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "The semaphore's wait handle, the only thing to dispose of, is never made.")]
internal sealed class CounterKeeper(EmbeddedCounterStore store, CounterRows rows, CounterLog saved, ILogger log)
{
    /// <summary>Saves over which a generation of the log is carried over, so that it takes a small part of each second.</summary>
    private const int SavesOfMerge = 30;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile string? _lastError;
    private long _failedSaves;
    private CounterMerge? _merge;
    private int _wholeUntil;

    /// <summary>Why the last save failed; null when it did not.</summary>
    public string? LastError => _lastError;

    /// <summary>Saves that failed since the start.</summary>
    public long FailedSaves => Interlocked.Read(ref _failedSaves);

    /// <summary>
    /// Saves the subjects that changed since the last save, and carries some of what was saved before into the table. A failure is logged, and what
    /// is unsaved stays for the next one.
    /// </summary>
    /// <returns>Whether everything is on the disk.</returns>
    public ValueTask<bool> SaveAsync(CancellationToken cancellation) => TryAsync(
        async () =>
        {
            long before = saved.Bytes;
            await OnTurnAsync(SaveListed, cancellation).ConfigureAwait(false);
            if (rows.AreKept)
            {
                await MergeSomeAsync(saved.Bytes - before, cancellation).ConfigureAwait(false);
            }
        });

    /// <summary>Saves every counter, also those whose windows are too short to be worth it each second. For the end of the server.</summary>
    /// <returns>Whether everything is on the disk.</returns>
    public ValueTask<bool> SaveAllAsync(CancellationToken cancellation) => TryAsync(() => OnTurnAsync(
        () =>
        {
            if (rows.AreKept)
            {
                foreach ((_, SubjectCounters subject) in store.Subjects)
                {
                    Take(subject, withBrief: true);
                }

                saved.Flush(store.List);
            }
        },
        cancellation));

    /// <summary>Saves, and carries everything that is saved into the table.</summary>
    /// <returns>Whether it was.</returns>
    public ValueTask<bool> MergeAsync(CancellationToken cancellation) => TryAsync(
        async () =>
        {
            int generation = 0;
            await OnTurnAsync(
                () =>
                {
                    SaveListed();
                    _wholeUntil = generation = saved.Generation;
                },
                cancellation).ConfigureAwait(false);
            while (rows.AreKept && (_merge is not null || saved.Generation == generation))
            {
                await OnTurnAsync(MergeStep, cancellation).ConfigureAwait(false);
            }
        });

    /// <summary>Changes counters, and saves them before it returns.</summary>
    /// <exception cref="StoreException">The change is made, but not on the disk yet; the next save tries again.</exception>
    public async ValueTask ChangeAsync(Action change, CancellationToken cancellation) => await OnTurnAsync(
        () =>
        {
            change();
            SaveListed();
        },
        cancellation).ConfigureAwait(false);

    /// <summary>Lets go of what no longer counts, and of what the disk has and nobody asked for in a while.</summary>
    public async ValueTask SweepAsync(TimeSpan idleQuota, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            long nowUs = store.NowUs;
            long idleSinceUs = nowUs - (idleQuota.Ticks / TimeSpan.TicksPerMicrosecond);
            foreach ((Subject name, SubjectCounters subject) in store.Subjects)
            {
                lock (subject)
                {
                    subject.RemoveIdle(nowUs, rows.AreKept);
                    if (!subject.IsListed && CanLeave(subject, idleSinceUs))
                    {
                        subject.IsGone = true;
                        store.Subjects.TryRemove(new KeyValuePair<Subject, SubjectCounters>(name, subject));
                    }
                }
            }

            store.Remembered.Forget(nowUs);
            rows.DeleteIdle(nowUs);
        }
        catch (StoreException error)
        {
            EmbeddedStorageLog.SweepFailed(log, error);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>
    /// A subject leaves as a whole: what stays in memory of it is known to be all of it. A rate leaves when it no longer counts; a quota also
    /// when it lies in the table, or only stood in for another, and was not touched for a while.
    /// </summary>
    private bool CanLeave(SubjectCounters subject, long idleSinceUs)
    {
        foreach (Counter counter in subject.Counters)
        {
            bool isElsewhere = rows.AreExpendable || (rows.AreKept && !counter.IsChanged && counter.LoggedIn == 0);
            if (!isElsewhere || !counter.IsQuota || counter.TouchedUs > idleSinceUs)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Goes on with what is carried over, or begins with it when it is time.</summary>
    private async ValueTask MergeSomeAsync(long savedBytes, CancellationToken cancellation)
    {
        if (_merge is null)
        {
            if (saved.IsMergeDue(store.NowUs))
            {
                await OnTurnAsync(MergeStep, cancellation).ConfigureAwait(false);
            }

            // Its first part comes with the next save: what is saved again then is left out.
            return;
        }

        // Done before the generation that grows meanwhile has its most bytes, whatever the pace of spending.
        double part = Math.Max(1.0 / SavesOfMerge, (double)savedBytes / CounterLog.MostBytes);
        int until = _merge.Done + (int)Math.Ceiling(part * _merge.Count);
        while (_merge is { } merge && (merge.Done < until || merge.Done == merge.Count))
        {
            await OnTurnAsync(MergeStep, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>One transaction's worth of carrying the log into the table, or the beginning of it.</summary>
    private void MergeStep()
    {
        if (_merge is not { } merge)
        {
            int generation = saved.Generation;
            _merge = new CounterMerge(store.Subjects.Select(static each => each.Value), generation, saved.BeginGeneration(store.NowUs));
        }
        else if (merge.Done < merge.Count)
        {
            merge.WriteSome(rows, store, isWhole: merge.Generation <= _wholeUntil);
        }
        else
        {
            // What was not written, because the log is to have it again, must be there before.
            SaveListed();
            _merge = saved.RemoveSome(merge.LastChunk) ? merge : null;
        }
    }

    private void SaveListed()
    {
        SubjectCounters? next = store.TakeListed();
        try
        {
            while (next is { } subject)
            {
                next = subject.NextListed;
                Take(subject, withBrief: false);
            }

            saved.Flush(store.List);
        }
        catch
        {
            // Those that were not reached are listed again.
            while (next is { } subject)
            {
                next = subject.NextListed;
                lock (subject)
                {
                    subject.IsListed = false;
                    store.List(subject);
                }
            }

            throw;
        }
    }

    private void Take(SubjectCounters subject, bool withBrief)
    {
        bool isDue;
        lock (subject)
        {
            if (!withBrief)
            {
                subject.NextListed = null;
                subject.IsListed = false;
            }

            isDue = saved.Take(subject, withBrief);
        }

        if (isDue)
        {
            saved.Flush(store.List);
        }
    }

    private async ValueTask OnTurnAsync(Action work, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            work();
        }
        finally
        {
            _turn.Release();
        }
    }

    private async ValueTask<bool> TryAsync(Func<ValueTask> work)
    {
        try
        {
            await work().ConfigureAwait(false);
            Succeeded();
            return true;
        }
        catch (StoreException error)
        {
            Failed(error);
            return false;
        }
    }

    private void Succeeded()
    {
        if (_lastError is not null)
        {
            _lastError = null;
            EmbeddedStorageLog.SaveRecovered(log, FailedSaves);
        }
    }

    private void Failed(StoreException error)
    {
        Interlocked.Increment(ref _failedSaves);
        _lastError = error.Message;
        EmbeddedStorageLog.SaveFailed(log, error);
    }
}
