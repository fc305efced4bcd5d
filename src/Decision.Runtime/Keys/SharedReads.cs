using System.Collections.Concurrent;

namespace Decision.Runtime.Keys;

/// <summary>Lets requests that want the same from the store at the same time share one read of it.</summary>
internal sealed class SharedReads<T>
{
    private readonly ConcurrentDictionary<string, Reading> _running = new(StringComparer.Ordinal);

    /// <summary>Reads, or waits for a read that another request has begun.</summary>
    /// <param name="name">What is read.</param>
    /// <param name="version">Changes with each write: a read that began before one is not shared by who came after it.</param>
    /// <param name="read">Reads. Finds in memory what a read that has just ended has left there.</param>
    /// <param name="cancellation">Ends the own read, or the waiting for the other one.</param>
    /// <returns>What was read, and whether another request read it.</returns>
    public async ValueTask<(T Value, bool IsShared)> ReadAsync(
        string name, long version, Func<CancellationToken, ValueTask<T>> read, CancellationToken cancellation)
    {
        var own = new Reading(version);
        while (true)
        {
            var running = _running.GetOrAdd(name, own);
            if (ReferenceEquals(running, own) || (running.Version != version && _running.TryUpdate(name, own, running)))
            {
                return (await RunAsync(name, own, read, cancellation).ConfigureAwait(false), false);
            }

            if (running.Version != version)
            {
                continue;
            }

            try
            {
                return (await running.Result.Task.WaitAsync(cancellation).ConfigureAwait(false), true);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Only the other one gave up: this request's own read, or the next one that runs.
            }
        }
    }

    private async ValueTask<T> RunAsync(string name, Reading own, Func<CancellationToken, ValueTask<T>> read, CancellationToken cancellation)
    {
        try
        {
            var value = await read(cancellation).ConfigureAwait(false);
            End(name, own);
            own.Result.SetResult(value);
            return value;
        }
        catch (OperationCanceledException)
        {
            End(name, own);
            own.Result.SetCanceled(CancellationToken.None);
            throw;
        }
        catch (Exception error)
        {
            End(name, own);
            own.Result.SetException(error);

            // Whether anybody waits or not, it is seen: this request has it.
            _ = own.Result.Task.Exception;
            throw;
        }
    }

    private void End(string name, Reading own) => _running.TryRemove(new KeyValuePair<string, Reading>(name, own));

    private sealed class Reading(long version)
    {
        public long Version { get; } = version;

        // Whoever waits goes on elsewhere, and not within the request that has read.
        public TaskCompletionSource<T> Result { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
