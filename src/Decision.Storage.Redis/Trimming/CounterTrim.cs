using System.Globalization;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Counters;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Trimming;

/// <summary>
/// Removes the counters that no longer count. Redis cannot do it by itself: a field of a hash has no time of its own to live.
/// </summary>
/// <remarks>
/// What no longer counts is the engine's rule: a rate once its window has passed, a quota once its period has ended, by the terms of its last
/// spending. Terms may be lengthened after that, and what is still recorded counts under the new ones. So a counter rests first, as long as a
/// rate of a day or a quota of a month could still count it.
/// </remarks>
internal sealed class CounterTrim(
    RedisCalls calls, SubjectScan scan, TrimTurn turn, ScriptClock clock, RedisMetrics metrics, TimeProvider time)
{
    /// <summary>For how long a rate has not counted when it is removed. Sliding windows reach back over two of a day.</summary>
    public static readonly TimeSpan RateRest = TimeSpan.FromDays(2);

    /// <summary>For how long a quota has not counted when it is removed.</summary>
    public static readonly TimeSpan QuotaRest = TimeSpan.FromDays(32);

    // So few at once that a decision behind them waits for well under a millisecond.
    private const int BatchSize = 25;
    private const int FieldsAtOnce = 100;

    // Of the time, at most a fifth is spent on this.
    private const int PauseFactor = 4;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KeepEvery = TrimTurn.Lease / 10;

    private static readonly RedisScript Script = RedisScript.LoadWithLimits("trim.lua");
    private static readonly string RateRestUs = Microseconds(RateRest);
    private static readonly string QuotaRestUs = Microseconds(QuotaRest);

    /// <summary>Looks at every counter once, if it is this replica's turn.</summary>
    /// <returns>Null where it is another one's.</returns>
    /// <exception cref="Runtime.Stores.StoreException">Redis did not answer. What was removed until then is.</exception>
    public async Task<TrimReport?> SweepAsync(CancellationToken cancellation)
    {
        if (!await turn.TryTakeAsync(cancellation).ConfigureAwait(false))
        {
            return null;
        }

        TrimReport report = default;
        long keptAt = time.GetTimestamp();
        await foreach (IReadOnlyList<RedisKey> page in scan.PagesAsync(cancellation).ConfigureAwait(false))
        {
            foreach (RedisKey[] batch in page.Chunk(BatchSize))
            {
                if (time.GetElapsedTime(keptAt) >= KeepEvery)
                {
                    if (!await turn.TryTakeAsync(cancellation).ConfigureAwait(false))
                    {
                        // It stood still for so long that another one began: that one sees all of it.
                        return report;
                    }

                    keptAt = time.GetTimestamp();
                }

                report += await TrimAsync(batch, cancellation).ConfigureAwait(false);
            }
        }

        return report;
    }

    private async Task<TrimReport> TrimAsync(RedisKey[] batch, CancellationToken cancellation)
    {
        TrimReport report = default;
        (RedisKey Key, string Cursor)[] open = [.. batch.Select(key => (key, "0"))];
        while (open.Length > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            long startedAt = time.GetTimestamp();
            RedisResult[] answers = await calls.AdministerAsync(
                "trim", database => Task.WhenAll(open.Select(each => TrimAsync(database, each.Key, each.Cursor))), cancellation).ConfigureAwait(false);
            TrimReport step = default;
            foreach (RedisResult answer in answers)
            {
                step += new TrimReport((long)answer[1], (long)answer[2]);
            }

            metrics.Trimmed(step.Trimmed);
            metrics.Damaged(step.Damaged);
            report += step;
            open = [.. open.Zip(answers, static (each, answer) => (each.Key, Cursor: answer[0].ToString())).Where(each => each.Cursor != "0")];
            await PauseAsync(time.GetElapsedTime(startedAt), cancellation).ConfigureAwait(false);
        }

        return report;
    }

    private Task<RedisResult> TrimAsync(IDatabase database, RedisKey key, string cursor) =>
        Script.EvaluateAsync(database, [key], [clock.Argument, RateRestUs, QuotaRestUs, cursor, FieldsAtOnce]);

    // A Redis under load answers later, and gets a longer pause.
    private Task PauseAsync(TimeSpan spent, CancellationToken cancellation)
    {
        TimeSpan pause = spent * PauseFactor;
        return Task.Delay(pause < LongestPause ? pause : LongestPause, time, cancellation);
    }

    private static string Microseconds(TimeSpan span) => span.TotalMicroseconds.ToString("0", CultureInfo.InvariantCulture);
}
