using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Decision.Server.Hosting;

/// <summary>The server's phase, and what happens at a stop: not ready at once, calls still taken for a while, then no more.</summary>
internal sealed class ServerLife : IHostedLifecycleService, IHealthCheck
{
    // A client whose own half of a stream is open, and that learns of the connection's end before it read the status, reports the broken
    // connection instead of what it was told (.NET's does). As in any lingering close, the client gets the time to read.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(500);

    private readonly TaskCompletionSource _draining = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Configuration.ServerSettings _settings;
    private readonly ServerListeners _listeners;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerLife> _log;
    private readonly TaskCompletionSource _streamsEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ServerPhase _phase;

    // One for the server itself, until a stop; the last to leave completes _streamsEnded.
    private int _streams = 1;

    public ServerLife(
        Configuration.ServerSettings settings,
        ServerListeners listeners,
        TimeProvider time,
        IHostApplicationLifetime lifetime,
        ILogger<ServerLife> log)
    {
        _settings = settings;
        _listeners = listeners;
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

        // Before they are told: one may have ended by the time that this goes on.
        bool hadStreams = Volatile.Read(ref _streams) > 1;
        _draining.TrySetResult();
        LeaveStream();
        try
        {
            await _streamsEnded.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            if (hadStreams)
            {
                await Task.Delay(Linger, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // Their time is up; the connections are closed under them.
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
