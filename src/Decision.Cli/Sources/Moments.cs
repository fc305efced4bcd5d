using System.Globalization;
using System.Text.RegularExpressions;

namespace Decision.Cli.Sources;

/// <summary>Moments and durations as files write them, in microseconds.</summary>
internal static partial class Moments
{
    /// <summary>What a duration looks like, for a sentence.</summary>
    public const string DurationHint = "a duration such as 500ms, 5s, 1m30s, 2h or 30d";

    /// <summary>What a moment looks like, for a sentence.</summary>
    public const string MomentHint = "a date and time such as 2026-01-31T12:00:00Z";

    /// <summary><c>500ms</c>, <c>1m30s</c>, <c>30d</c>, <c>0s</c>.</summary>
    public static bool TryDuration(string text, out long us)
    {
        us = 0;
        var match = Duration().Match(text);
        if (!match.Success)
        {
            return false;
        }

        decimal sum = 0;
        foreach (var (number, unit) in match.Groups[1].Captures.Zip(match.Groups[2].Captures, static (number, unit) => (number.Value, unit.Value)))
        {
            sum += decimal.Parse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) * Unit(unit);
        }

        us = (long)sum;
        return sum <= 100L * 366 * 86_400 * 1_000_000;
    }

    /// <summary>A date and time with its offset.</summary>
    public static bool TryMoment(string text, out long us)
    {
        bool isRead = DateTimeOffset.TryParseExact(
            text,
            ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd"],
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal,
            out var moment);
        us = (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        return isRead;
    }

    /// <summary><c>1.5s</c>; <c>never</c> below 0.</summary>
    public static string Format(long us) => us < 0 ? "never" : (us / 1e6m).ToString("0.######", CultureInfo.InvariantCulture) + "s";

    private static decimal Unit(string unit) => unit switch
    {
        "us" => 1,
        "ms" => 1_000,
        "s" => 1_000_000,
        "m" => 60_000_000m,
        "h" => 3_600_000_000m,
        _ => 86_400_000_000m,
    };

    [GeneratedRegex(@"\A(?:([0-9]{1,12}(?:\.[0-9]{1,9})?)(us|ms|s|m|h|d))+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Duration();
}
