using Decision.Storage.Embedded.Counters;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decision.Storage.Embedded.Hosting;

/// <summary>Sweeps the local counters while the server runs.</summary>
internal sealed class LocalCountersService(LocalCounters counters, TimeProvider time, ILogger<LocalCountersService> log) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private bool _isDisposed;
    private Task _sweeping = Task.CompletedTask;

    /// <summary>Raised after each sweep.</summary>
    internal event Action? Swept;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _sweeping = SweepAsync(new PeriodicTimer(EmbeddedStorageService.SweepInterval, time), _stopping.Token);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _sweeping.ConfigureAwait(false);
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

    private async Task SweepAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        using (timer)
        {
            try
            {
                while (await timer.WaitForNextTickAsync(stopping).ConfigureAwait(false))
                {
                    await SweepOnceAsync(stopping).ConfigureAwait(false);
                    Swept?.Invoke();
                }
            }
            catch (OperationCanceledException)
            {
                // The server stops.
            }
        }
    }

    private async Task SweepOnceAsync(CancellationToken stopping)
    {
#pragma warning disable CA1031 // Whatever one sweep meets, the next one must still run.
        try
        {
            await counters.SweepAsync(stopping).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            EmbeddedStorageLog.TickFailed(log, error);
        }
#pragma warning restore CA1031
    }
}
