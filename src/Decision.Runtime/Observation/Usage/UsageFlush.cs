using Decision.Runtime.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Observation.Usage;

/// <summary>
/// Takes the counts to the store each interval, at the end of each hour and at a stop. What the store did not take is tried again, under the name
/// that it had, so that nothing is added twice; what came since a kill is lost.
/// </summary>
internal sealed class UsageFlush(
    UsageCounts counts, IUsageStore store, UsageOptions options, UsageMetrics metrics, TimeProvider time, ILogger<UsageFlush> log) : IHostedService, IDisposable
{
    // Small enough that decisions behind a batch on Redis do not feel it.
    private const int MostOfBatch = 200;

    // A store that fails for long: then the oldest go.
    private const int MostBatches = 500;

    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<(string Name, UsageCount[] Counts)> _batches = [];
    private long _hour = HourOf(time);
    private bool _isFailing;
    private bool _isDisposed;
    private Task _flushing = Task.CompletedTask;

    /// <summary>Raised after each flush.</summary>
    internal event Action? Flushed;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _flushing = FlushAllAsync(_stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _flushing.ConfigureAwait(false);
        try
        {
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The time to stop is over; what was not taken is lost.
        }
    }

    // A start that failed elsewhere disposes without stopping.
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private static long HourOf(TimeProvider time) => time.GetUtcNow().ToUnixTimeSeconds() / 3600;

    private async Task FlushAllAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var now = time.GetUtcNow();
                var next = DateTimeOffset.FromUnixTimeSeconds((HourOf(time) + 1) * 3600) - now;
                await Task.Delay(next < options.FlushInterval ? next : options.FlushInterval, time, stopping).ConfigureAwait(false);
                await FlushAsync(stopping).ConfigureAwait(false);
                Flushed?.Invoke();
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task FlushAsync(CancellationToken cancellation)
    {
        // What was counted since the last time came in the hour of that time.
        var taken = counts.Take(_hour);
        _hour = HourOf(time);
        foreach (var part in taken.Chunk(MostOfBatch))
        {
            _batches.Enqueue((Guid.NewGuid().ToString("N"), part));
        }

        while (_batches.Count > MostBatches)
        {
            // Each decision of a key counts there once.
            metrics.Uncounted(_batches.Dequeue().Counts.Where(count => count.Kind == UsageKind.Key).Sum(count => count.Allowed + count.Refused));
        }

        while (_batches.TryPeek(out var batch))
        {
            try
            {
                await store.AddAsync(batch.Name, batch.Counts, options.Days, options.MaxIds, cancellation).ConfigureAwait(false);
            }
            catch (StoreException error)
            {
                Failed(error);
                return;
            }

            _batches.Dequeue();
            metrics.Flushed(isDone: true);
            if (_isFailing)
            {
                _isFailing = false;
                UsageLog.Answers(log);
            }
        }
    }

    private void Failed(StoreException error)
    {
        metrics.Flushed(isDone: false);
        if (!_isFailing)
        {
            _isFailing = true;
            UsageLog.Failed(log, error.Message);
        }
    }
}
