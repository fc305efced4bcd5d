using Decision.Storage.Embedded.Backups;
using Decision.Storage.Embedded.Counters;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decision.Storage.Embedded.Hosting;

/// <summary>
/// Opens the database before any other part starts, saves and sweeps counters while the server runs, and saves them wholly after every other
/// part has stopped.
/// </summary>
internal sealed class EmbeddedStorageService(
    SqliteDatabase database,
    EmbeddedCounterStore counters,
    EmbeddedBackup backup,
    TimeProvider time,
    IOptions<EmbeddedStorageOptions> options,
    ILogger<EmbeddedStorageService> log) : IHostedLifecycleService, IDisposable
{
    /// <summary>How often memory is swept.</summary>
    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stopping = new();
    private bool _isDisposed;
    private Task _ticking = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        database.Open();
        EmbeddedStorageLog.Opened(log, database.Path);
        counters.Restore();
        backup.RemoveLeft();
        _ticking = TickAsync(new PeriodicTimer(options.Value.SaveInterval, time), time.GetTimestamp(), _stopping.Token);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _ticking.ConfigureAwait(false);

        await backup.StopAsync().ConfigureAwait(false);

        // Not given up when the time to stop runs out: this is the promise that a graceful stop loses nothing.
        if (!await counters.Keeper.SaveAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            EmbeddedStorageLog.StoppedUnsaved(log);
        }

        database.Dispose();
    }

    // A start that failed elsewhere disposes without stopping: the timer must end then too.
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private async Task TickAsync(PeriodicTimer timer, long lastSweep, CancellationToken stopping)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
                {
                    lastSweep = await TickOnceAsync(lastSweep, stopping).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                // The server stops.
            }
        }
    }

    private async Task<long> TickOnceAsync(long lastSweep, CancellationToken stopping)
    {
#pragma warning disable CA1031 // Whatever one tick meets, the next one must still save.
        try
        {
            await counters.Keeper.SaveAsync(stopping).ConfigureAwait(false);
            if (time.GetElapsedTime(lastSweep) >= SweepInterval)
            {
                lastSweep = time.GetTimestamp();
                await counters.Keeper.SweepAsync(options.Value.IdleQuota, stopping).ConfigureAwait(false);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            EmbeddedStorageLog.TickFailed(log, error);
        }
#pragma warning restore CA1031

        return lastSweep;
    }
}
