using System.Globalization;

namespace Decision.Engine.Tests.Cases;

/// <summary>Moments and durations as cases write them, in microseconds.</summary>
internal static class CaseTime
{
    /// <summary><c>2026-01-01T00:00:00.5Z</c>.</summary>
    public static long Moment(string text)
    {
        var moment = DateTimeOffset.ParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return (moment - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    /// <summary><c>0.5s</c>.</summary>
    public static long Duration(string text) =>
        text.EndsWith('s') && decimal.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds)
            ? (long)(seconds * 1_000_000)
            : throw new FormatException($"\"{text}\" is no duration: write seconds such as 0.5s.");

    /// <summary>The moment of a step: <c>+0.5s</c> after the case's start, a date, or (empty) that of the step before.</summary>
    public static long Step(string at, long startUs, long previousUs) => at switch
    {
        "" => previousUs,
        ['+', .. var after] => startUs + Duration(after),
        _ => Moment(at),
    };

    public static string Format(long us) => us < 0 ? "never" : (us / 1e6m).ToString("0.######", CultureInfo.InvariantCulture) + "s";

    public static string FormatMoment(long seconds) => seconds <= 0
        ? "never"
        : DateTimeOffset.FromUnixTimeSeconds(seconds).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
