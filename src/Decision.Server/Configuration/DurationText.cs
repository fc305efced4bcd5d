using System.Globalization;

namespace Decision.Server.Configuration;

/// <summary>Durations as people write them in settings.</summary>
internal static class DurationText
{
    /// <summary>What a setting may hold, for messages.</summary>
    public const string Forms = "write seconds (300), a number with a unit (500ms, 30s, 5m, 12h, 30d) or hours:minutes:seconds (00:05:00)";

    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)];

    // Above this many days a TimeSpan nears its end; nobody means it.
    private const double MaximumSeconds = 100 * 366 * 86_400d;

    /// <summary>Reads <c>300</c> (seconds), <c>500ms</c>, <c>5m</c>, <c>30d</c> or <c>00:05:00</c>; never negative.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero;
        }

        double factor = 1;
        foreach (var (unit, seconds) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                (text, factor) = (text[..^unit.Length].TrimEnd(), seconds);
                break;
            }
        }

        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            || number * factor > MaximumSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(number * factor);
        return true;
    }
}
