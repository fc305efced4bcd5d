using System.Globalization;
using Decision.Runtime.Observation.Usage;

namespace Decision.Console.Components.Pages.Usage;

/// <summary>What came in one hour or day.</summary>
/// <param name="Start">When it began.</param>
/// <param name="Allowed">Requests that were let through.</param>
/// <param name="Refused">Requests that were refused.</param>
/// <param name="IsDay">Whether it is a day.</param>
public sealed record UsageBar(DateTimeOffset Start, long Allowed, long Refused, bool IsDay)
{
    /// <summary>All of them.</summary>
    public long Total => Allowed + Refused;

    /// <summary>Its time for people.</summary>
    public string Name => Start.UtcDateTime.ToString(IsDay ? "yyyy-MM-dd" : "yyyy-MM-dd HH:00", CultureInfo.InvariantCulture);

    /// <summary>A bar for each hour.</summary>
    public static IReadOnlyList<UsageBar> ByHour(IEnumerable<UsageCount> hours) =>
        [.. hours.Select(hour => new UsageBar(DateTimeOffset.UnixEpoch.AddHours(hour.Hour), hour.Allowed, hour.Refused, IsDay: false))];

    /// <summary>A bar for each day, of UTC.</summary>
    public static IReadOnlyList<UsageBar> ByDay(IEnumerable<UsageCount> hours) =>
    [
        .. hours.GroupBy(hour => (int)Math.Floor(hour.Hour / 24.0)).Select(day => new UsageBar(
            DateTimeOffset.UnixEpoch.AddDays(day.Key), day.Sum(hour => hour.Allowed), day.Sum(hour => hour.Refused), IsDay: true)),
    ];
}
