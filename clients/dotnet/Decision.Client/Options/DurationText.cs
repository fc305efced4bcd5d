using System.Globalization;

namespace Decision.Client.Options;

/// <summary>Durations as people write them in settings: <c>200ms</c>, <c>1s</c>, <c>00:00:00.200</c>.</summary>
internal static class DurationText
{
    private const double LongestSeconds = 86_400;

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        text = text.Trim();
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration);
        }

        // A bare number is refused: nobody can tell whether it means seconds or milliseconds.
        double factor = text.EndsWith("ms", StringComparison.OrdinalIgnoreCase) ? 0.001 : text.EndsWith('s') ? 1 : 0;
        string number = text.TrimEnd('s', 'm', 'S', 'M').TrimEnd();
        if (factor == 0 || !double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value)
            || !double.IsFinite(value) || value * factor > LongestSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(value * factor);
        return true;
    }
}
