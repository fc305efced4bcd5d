using System.Security.Cryptography;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Decision.Storage.Redis.Trimming;

/// <summary>Has counters trimmed once an hour by one of the replicas. What one turn meets, the next one still comes.</summary>
internal sealed class CounterTrimService(CounterTrim trim, TimeProvider time, ILogger<CounterTrimService> log) : BackgroundService
{
    /// <summary>From the end of a turn to the next one, and up to a tenth of it more, so that replicas do not ask at once.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>From the start to the first turn, and up to as long again: a start has better things to do.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromMinutes(5);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WaitAsync(Delay, Delay, stoppingToken).ConfigureAwait(false);
        while (true)
        {
            await TurnAsync(stoppingToken).ConfigureAwait(false);
            await WaitAsync(Interval, Interval / 10, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task TurnAsync(CancellationToken stopping)
    {
#pragma warning disable CA1031 // Whatever one turn meets, the next one must still come, and the server go on.
        try
        {
            TrimReport report = await trim.SweepAsync(stopping).ConfigureAwait(false) ?? default;
            if (report.Trimmed > 0)
            {
                RedisStorageLog.CountersTrimmed(log, report.Trimmed);
            }

            if (report.Damaged > 0)
            {
                RedisStorageLog.CountersDamaged(log, report.Damaged);
            }
        }
        catch (Exception error) when (!stopping.IsCancellationRequested)
        {
            RedisStorageLog.TrimFailed(log, error is StoreException ? error.Message : "the service has a fault.", error);
        }
#pragma warning restore CA1031
    }

    private Task WaitAsync(TimeSpan least, TimeSpan spread, CancellationToken stopping) =>
        Task.Delay(least + (spread * (RandomNumberGenerator.GetInt32(1_000) / 1_000d)), time, stopping);
}
