using System.Globalization;

namespace Decision.Engine.Json;

/// <summary>Dates as Go writes them (RFC 3339), in microseconds since the Unix epoch. Go's zero time is "not set", here 0.</summary>
internal static class JsonDate
{
    private static readonly long LeastUs = (DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
    private static readonly long MostUs = (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;

    /// <summary>True when the moment can be written as a date.</summary>
    public static bool IsInRange(long us) => us > LeastUs && us <= MostUs;

    /// <summary>The moment; digits beyond the microsecond are cut off.</summary>
    public static bool TryParse(string text, out long us)
    {
        us = 0;
        const int Seconds = 19;
        if (text.Length <= Seconds)
        {
            return false;
        }

        var zoneAt = Seconds;
        long fractionUs = 0;
        if (text[Seconds] == '.')
        {
            zoneAt = Seconds + 1;
            for (var unit = 100_000L; zoneAt < text.Length && char.IsAsciiDigit(text[zoneAt]); zoneAt++, unit /= 10)
            {
                fractionUs += unit * (text[zoneAt] - '0');
            }

            if (zoneAt == Seconds + 1)
            {
                return false;
            }
        }

        var zone = text[zoneAt..];
        var isUtc = zone == "Z";
        if (!isUtc && (zone.Length != 6 || zone[0] is not ('+' or '-') || zone[3] != ':'))
        {
            return false;
        }

        var whole = string.Concat(text.AsSpan(0, Seconds), isUtc ? "+00:00" : zone);
        if (!DateTimeOffset.TryParseExact(
                whole, "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.None, out var moment))
        {
            return false;
        }

        us = moment.UtcTicks == 0 ? 0 : ((moment.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond) + fractionUs;
        return true;
    }

    /// <summary>The moment in UTC; empty for 0 and for what is out of range.</summary>
    public static string Format(long us) =>
        us == 0 || !IsInRange(us)
            ? ""
            : DateTime.UnixEpoch.AddTicks(us * TimeSpan.TicksPerMicrosecond)
                .ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture);
}
