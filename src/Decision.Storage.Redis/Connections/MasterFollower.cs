using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>Goes to the master that the Sentinels name, and to the next one, until the end.</summary>
/// <param name="sentinels">Whom it asks; it ends them with itself.</param>
/// <param name="longestCall">How long calls that began on the connection to an earlier master may go on.</param>
/// <param name="goTo">Takes the connection to a master in use.</param>
/// <param name="log">Where it tells what failed.</param>
internal sealed class MasterFollower(SentinelSet sentinels, TimeSpan longestCall, Action<ConnectionMultiplexer, EndPoint> goTo, ILogger log) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;
    private ConnectionMultiplexer? _multiplexer;

    /// <summary>What the Sentinels call the set.</summary>
    public string Name => sentinels.Name;

    /// <summary>Why there is no master to go to.</summary>
    public string Problem => sentinels.Problem;

    /// <summary>The master it went to; null = none yet.</summary>
    public EndPoint? Master { get; private set; }

    /// <summary>How the master is connected to; null = there is none yet.</summary>
    public ConfigurationOptions? Configuration => Master is { } master ? sentinels.ConfigurationOf(master) : null;

    /// <summary>Begins to follow. Is completed when it has tried once.</summary>
    public async Task StartAsync(TimeProvider time)
    {
        PeriodicTimer ticks = new(RedisConfiguration.Heartbeat, time);
        await LookAsync(time).ConfigureAwait(false);
        _following = FollowAsync(ticks, time);
    }

    /// <summary>Ends it, after <see cref="StartAsync"/>. The connection in use is its user's to end.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        await sentinels.DisposeAsync().ConfigureAwait(false);
        _stopping.Dispose();
    }

    private async Task FollowAsync(PeriodicTimer ticks, TimeProvider time)
    {
        using (ticks)
        {
            try
            {
                while (await ticks.WaitForNextTickAsync(_stopping.Token).ConfigureAwait(false))
                {
                    await LookAsync(time).ConfigureAwait(false);
                }
            }
            catch (OperationCanceledException)
            {
                // The end.
            }
        }
    }

    private async Task LookAsync(TimeProvider time)
    {
        try
        {
            if (await sentinels.MasterAsync(time).ConfigureAwait(false) is not { } master || master.Equals(Master)
                || await sentinels.ConnectAsync(master).ConfigureAwait(false) is not { } multiplexer)
            {
                return;
            }

            ConnectionMultiplexer? old = _multiplexer;
            _multiplexer = multiplexer;
            Master = master;
            goTo(multiplexer, master);
            if (old is not null)
            {
                _ = RetireAsync(old, time);
            }
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            RedisStorageLog.ReconfigureFailed(log, error);
        }
    }

    // Calls that began on it may end there.
    private async Task RetireAsync(ConnectionMultiplexer multiplexer, TimeProvider time)
    {
        try
        {
            await Task.Delay(longestCall, time, _stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It ends with the service.
        }

        await multiplexer.DisposeAsync().ConfigureAwait(false);
    }
}
