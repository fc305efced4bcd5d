using Decision.Runtime.Administration;

namespace Decision.Runtime.Observation.Usage;

/// <summary>Reads the use over time.</summary>
public sealed class UsageHistory(IUsageStore store, UsageOptions options, TimeProvider time)
{
    private static readonly TimeSpan Usual = TimeSpan.FromDays(1);

    /// <summary>Every hour of a time in order, those without use too.</summary>
    /// <param name="kind">Whose use.</param>
    /// <param name="id">The id.</param>
    /// <param name="start">The first moment; null = a day before the end.</param>
    /// <param name="end">The moment after the last; null = now.</param>
    /// <param name="cancellation">Given up.</param>
    /// <exception cref="AdministrationException">It is not counted, or the time makes no sense.</exception>
    public async ValueTask<IReadOnlyList<UsageCount>> ReadAsync(
        UsageKind kind, string id, DateTimeOffset? start, DateTimeOffset? end, CancellationToken cancellation)
    {
        if (options.Days == 0)
        {
            throw new AdministrationException(
                AdministrationError.FailedPrecondition, "The use over time is not counted: set Usage:Days to the number of days that are to be kept, and start the server again.");
        }

        var until = end ?? time.GetUtcNow().AddTicks(1);
        var from = start ?? until - Usual;
        if (from >= until)
        {
            throw new AdministrationException("start", "is not before the end.");
        }

        if (until - from > TimeSpan.FromDays(options.Days + 1))
        {
            throw new AdministrationException("start", $"lies more than {options.Days + 1} days before the end, and Usage:Days keeps {options.Days}: ask for less.");
        }

        long first = HourOf(from), last = HourOf(until.AddTicks(-1));
        var found = (await store.ReadAsync(kind, id, first, last, cancellation).ConfigureAwait(false)).ToDictionary(count => count.Hour);
        var hours = new UsageCount[last - first + 1];
        for (long hour = first; hour <= last; hour++)
        {
            hours[hour - first] = found.TryGetValue(hour, out var count) ? count : new UsageCount(kind, id, hour, 0, 0);
        }

        return hours;
    }

    private static long HourOf(DateTimeOffset moment) => (long)Math.Floor(moment.ToUnixTimeMilliseconds() / 3_600_000.0);
}
