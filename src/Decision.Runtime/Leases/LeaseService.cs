using Microsoft.Extensions.Hosting;

namespace Decision.Runtime.Leases;

/// <summary>Gives the leases of this replica back when it stops, so that others need not wait for their end.</summary>
internal sealed class LeaseService(LeasedCounters counters, TimeProvider time) : IHostedLifecycleService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>After the ports are closed: no decision comes any more.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (counters.Leases is { } leases)
        {
            try
            {
                await leases.ReturnAsync().WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (error is TimeoutException or OperationCanceledException)
            {
                // They end in the store by themselves.
            }
        }
    }
}
