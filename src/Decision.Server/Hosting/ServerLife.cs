using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Decision.Server.Hosting;

/// <summary>The server's phase, and what happens at a stop: not ready at once, calls still taken for a while, then no more.</summary>
internal sealed class ServerLife : IHostedLifecycleService, IHealthCheck
{
    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Configuration.ServerSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerLife> _log;
    private volatile ServerPhase _phase;

    public ServerLife(
        Configuration.ServerSettings settings, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ServerLife> log)
    {
        _settings = settings;
        _time = time;
        _log = log;
        lifetime.ApplicationStarted.Register(() => _phase = ServerPhase.Ready);
        lifetime.ApplicationStopping.Register(Drain);
    }

    public ServerPhase Phase => _phase;

    /// <summary>Completes when a stop was asked for; long-lived streams end then.</summary>
    public Task Draining => _draining.Task;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Drain();
        if (_settings.DrainDelay > TimeSpan.Zero)
        {
            // A load balancer needs a moment to see that this replica is not ready any more.
            await Task.Delay(_settings.DrainDelay, _time, CancellationToken.None).ConfigureAwait(false);
        }

        _draining.TrySetResult();
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        ServerLog.Stopped(_log);
        return Task.CompletedTask;
    }

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(_phase == ServerPhase.Ready ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy(_phase.ToString()));

    private void Drain()
    {
        if (_phase != ServerPhase.Draining)
        {
            _phase = ServerPhase.Draining;
            ServerLog.Draining(_log, _settings.DrainTime);
        }
    }
}
