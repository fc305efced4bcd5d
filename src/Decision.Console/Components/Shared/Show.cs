using System.Globalization;
using Decision.Engine.Json;
using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Console.Components.Shared;

/// <summary>Numbers and times as people read them.</summary>
public static class Show
{
    private const long Second = 1_000_000;
    private const long Day = 86_400 * Second;
    private const double Longest = 9e12;

    /// <summary>With separators: <c>12,345</c>.</summary>
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>A rate by the second: <c>0</c>, <c>0.5</c>, <c>1,234</c>.</summary>
    public static string Rate(double rate) => rate.ToString(rate is > 0 and < 10 ? "0.#" : "N0", CultureInfo.InvariantCulture);

    /// <summary>A rate: <c>1,000 / 1 min</c>.</summary>
    public static string Rate(RateSettings? rate)
    {
        if (rate is not { Rate: > 0 } set)
        {
            return "unlimited";
        }

        string algorithm = (set.Algorithm ?? RateAlgorithm.SlidingLog) == RateAlgorithm.SlidingLog ? ""
            : " " + SettingNames.RateAlgorithm.Format(set.Algorithm).Replace('_', ' ');
        string burst = set.Algorithm == RateAlgorithm.TokenBucket && set.Burst > 0 ? $" with bursts of {Number(set.Burst)}" : "";
        return $"{set.Rate.ToString("#,0.######", CultureInfo.InvariantCulture)} / {Seconds(set.Per)}{algorithm}{burst}";
    }

    /// <summary>A quota: <c>1,000 / 30 d</c>, <c>1,000 / calendar month (Europe/Paris)</c>.</summary>
    public static string Quota(QuotaSettings? quota) => quota switch
    {
        not { Max: > 0 } => "unlimited",
        { Period: { } period and not QuotaPeriod.Rolling } set =>
            $"{Number(set.Max)} / calendar {SettingNames.QuotaPeriod.Format(period)}{(set.TimeZone.Length == 0 ? "" : $" ({set.TimeZone})")}",
        { RenewalRate: > 0 } set => $"{Number(set.Max)} / {Seconds(set.RenewalRate)}",
        var set => $"{Number(set.Max)} for good",
    };

    /// <summary>A number of seconds as <see cref="Length"/> has it.</summary>
    public static string Seconds(double seconds) => Length((long)(Math.Min(seconds, Longest) * Second));

    /// <summary>A limit; -1 is unlimited.</summary>
    public static string Limit(long limit) => limit < 0 ? "unlimited" : Number(limit);

    /// <summary>A short time: <c>45 µs</c>, <c>1.2 ms</c>.</summary>
    public static string Latency(TimeSpan? time) => time is not { } given ? "-"
        : given.TotalMilliseconds < 1 ? $"{given.TotalMicroseconds.ToString("0", CultureInfo.InvariantCulture)} µs"
        : given.TotalSeconds < 1 ? $"{given.TotalMilliseconds.ToString("0.#", CultureInfo.InvariantCulture)} ms"
        : $"{given.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s";

    /// <summary>A length of time in its two greatest units: <c>2 h 5 min</c>.</summary>
    /// <param name="microseconds">Its length.</param>
    public static string Length(long microseconds)
    {
        (long Size, string Name)[] units = [(Day, "d"), (3600 * Second, "h"), (60 * Second, "min"), (Second, "s")];
        if (microseconds < Second)
        {
            return $"{(microseconds / 1000.0).ToString("0.#", CultureInfo.InvariantCulture)} ms";
        }

        int first = Array.FindIndex(units, unit => microseconds >= unit.Size);
        long count = microseconds / units[first].Size;
        long rest = first + 1 < units.Length ? microseconds % units[first].Size / units[first + 1].Size : 0;
        return rest == 0 ? $"{count} {units[first].Name}" : $"{count} {units[first].Name} {rest} {units[first + 1].Name}";
    }

    /// <summary>A moment in UTC; 0 = never.</summary>
    public static string MomentOfUs(long microseconds) => microseconds <= 0 ? "never" : Moment(DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds));

    /// <summary>A moment in UTC; 0 or less = never.</summary>
    public static string MomentOfSeconds(long seconds) => seconds <= 0 ? "never" : Moment(DateTimeOffset.FromUnixTimeSeconds(Math.Min(seconds, 253_402_300_799)));

    /// <summary>A moment in UTC.</summary>
    public static string Moment(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>The time of a day, in UTC.</summary>
    public static string Clock(DateTimeOffset moment) => moment.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A text, or a dash where there is none.</summary>
    public static string Text(string? text) => string.IsNullOrEmpty(text) ? "-" : text;
}
