using Decision.Runtime.Files;

namespace Decision.Server.TykApi.Reload;

/// <summary>Readings of the files that nobody waits for: however many are asked for, one runs and one waits.</summary>
internal sealed class ReloadRequests(FileLayer files, IHostApplicationLifetime life, ILogger<ReloadRequests> log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private int _isWaiting;

    public void Add()
    {
        if (Interlocked.Exchange(ref _isWaiting, 1) == 0)
        {
            _ = RunAsync(life.ApplicationStopping);
        }
    }

    public void Dispose() => _turn.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await _turn.WaitAsync(stopping);
            try
            {
                Volatile.Write(ref _isWaiting, 0);
                await files.ReloadAsync(stopping);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server ends.
        }
        catch (Exception exception)
        {
            TykApiLog.ReloadFailed(log, exception);
        }
    }
}
