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
internal sealed class CounterKeeper(EmbeddedCounterStore store, CounterRows rows, ILogger log)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile string? _lastError;
    private long _failedSaves;

    /// <summary>Why the last save failed; null when it did not.</summary>
    public string? LastError => _lastError;

    /// <summary>Saves that failed since the start.</summary>
    public long FailedSaves => Interlocked.Read(ref _failedSaves);

    /// <summary>Saves the subjects that changed since the last save. A failure is logged, and what is unsaved stays for the next one.</summary>
    /// <returns>Whether everything is on the disk.</returns>
    public async ValueTask<bool> SaveAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            SaveListed();
            Succeeded();
            return true;
        }
        catch (StoreException error)
        {
            Failed(error);
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Saves every counter, also those whose windows are too short to be worth it each second. For the end of the server.</summary>
    /// <returns>Whether everything is on the disk.</returns>
    public async ValueTask<bool> SaveAllAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (rows.AreKept)
            {
                foreach ((_, SubjectCounters subject) in store.Subjects)
                {
                    Take(subject, withBrief: true);
                }

                rows.Flush(store.List);
            }

            Succeeded();
            return true;
        }
        catch (StoreException error)
        {
            Failed(error);
            return false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Changes counters, and saves them before it returns.</summary>
    /// <exception cref="StoreException">The change is made, but not on the disk yet; the next save tries again.</exception>
    public async ValueTask ChangeAsync(Action change, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            change();
            SaveListed();
        }
        finally
        {
            _turn.Release();
        }
    }

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
    /// when it lies on the disk, or only stood in for another, and was not touched for a while.
    /// </summary>
    private bool CanLeave(SubjectCounters subject, long idleSinceUs)
    {
        foreach (Counter counter in subject.Counters)
        {
            bool isElsewhere = rows.AreExpendable || (rows.AreKept && !counter.IsChanged);
            if (!isElsewhere || !counter.IsQuota || counter.TouchedUs > idleSinceUs)
            {
                return false;
            }
        }

        return true;
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

            rows.Flush(store.List);
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

            isDue = rows.Take(subject, withBrief);
        }

        if (isDue)
        {
            rows.Flush(store.List);
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
