using Decision.Server.Hosting.Connections;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Decision.Server.Hosting;

/// <summary>The server's phase, and what happens at a stop: not ready at once, calls still taken for a while, then no more.</summary>
internal sealed class ServerLife : IHostedLifecycleService, IHealthCheck
{
    // Clients that are asked to go need a moment to read it and to close. The connections of those that have nothing to ask stay open for all of it.
    private static readonly TimeSpan Notice = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Configuration.ServerSettings _settings;
    private readonly ServerListeners _listeners;
    private readonly GracefulConnections _connections;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerLife> _log;
    private readonly TaskCompletionSource _streamsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ServerPhase _phase;

    // One for the server itself, until a stop; the last to leave completes _streamsEnded.
    private int _streams = 1;

    public ServerLife(
        Configuration.ServerSettings settings,
        ServerListeners listeners,
        GracefulConnections connections,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<ServerLife> log)
    {
        _settings = settings;
        _listeners = listeners;
        _connections = connections;
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

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _listeners.Opened();
        return Task.CompletedTask;
    }

    /// <summary>Counts a long-lived stream: a stop waits for its last word, told by <see cref="LeaveStream"/>.</summary>
    public void EnterStream() => Interlocked.Increment(ref _streams);

    /// <summary>The stream's answer is wholly written.</summary>
    public void LeaveStream()
    {
        if (Interlocked.Decrement(ref _streams) == 0)
        {
            _streamsEnded.TrySetResult();
        }
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Drain();
        if (_settings.DrainDelay > TimeSpan.Zero)
        {
            // A load balancer needs a moment to see that this replica is not ready any more.
            await Task.Delay(_settings.DrainDelay, _time, CancellationToken.None).ConfigureAwait(false);
        }

        // First: so what streams are told at their end, and every answer, comes after it.
        var gone = _connections.AskToLeave();
        _draining.TrySetResult();
        LeaveStream();
        try
        {
            await _streamsEnded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            await gone.WaitAsync(Notice, TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is OperationCanceledException or TimeoutException)
        {
            // Their time is up: the server ends the connections that are left.
        }
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
