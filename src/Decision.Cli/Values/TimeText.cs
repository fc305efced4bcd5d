using System.Globalization;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Values;

/// <summary>Moments as people read them, in UTC.</summary>
internal static class TimeText
{
    /// <summary><c>2026-12-30 08:00:00 UTC</c>; empty = none.</summary>
    public static string Write(Timestamp? time) => time is null ? "" : Write(time.ToDateTimeOffset());

    public static string Write(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>How long from now: <c>in 4m 5s</c>, <c>3d ago</c>; empty = none.</summary>
    public static string FromNow(Timestamp? time, TimeProvider clock) => time is null ? "" : FromNow(time.ToDateTimeOffset(), clock);

    public static string FromNow(DateTimeOffset time, TimeProvider clock)
    {
        var left = TimeSpan.FromSeconds(Math.Round((time - clock.GetUtcNow()).TotalSeconds, 1));
        return left >= TimeSpan.Zero ? $"in {DurationText.Write(left)}" : $"{DurationText.Write(-left)} ago";
    }

    /// <summary>When something ends, in Unix seconds; 0 and -1 = never.</summary>
    public static string Expiry(long seconds, TimeProvider clock)
    {
        if (seconds <= 0)
        {
            return "never";
        }

        // Tyk knows no bound; a year beyond .NET's is as good as never.
        if (seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds())
        {
            return "after the year 9999";
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        return $"{Write(time)} ({FromNow(time, clock)})";
    }
}
