using System.Globalization;
using Decision.Cli.Failures;

namespace Decision.Cli.Values;

/// <summary>Durations as people write them, as in the server's settings.</summary>
internal static class DurationText
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400), ("w", 604_800)];

    // Above this a TimeSpan nears its end; nobody means it.
    private const double MaximumSeconds = 100 * 366 * 86_400d;

    /// <summary>Reads <c>300</c> (seconds), <c>500ms</c>, <c>5m</c>, <c>12h</c>, <c>30d</c> or <c>2w</c>; never negative.</summary>
    /// <param name="text">The text.</param>
    /// <param name="name">What it is for, as the option's name.</param>
    /// <exception cref="CommandException">It is no duration.</exception>
    public static TimeSpan Read(string text, string name)
    {
        string number = text.Trim();
        double factor = 1;
        foreach (var (unit, seconds) in Units)
        {
            if (number.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                (number, factor) = (number[..^unit.Length].TrimEnd(), seconds);
                break;
            }
        }

        return double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * factor <= MaximumSeconds
            ? TimeSpan.FromSeconds(value * factor)
            : throw CommandException.WrongUse(
                $"{name} '{text}' is not a time: write seconds (300) or a number with a unit (500ms, 30s, 5m, 12h, 30d, 2w).");
    }

    /// <summary>A duration for people, in its two largest units: <c>2d 3h</c>, <c>4m 5s</c>, <c>2.5s</c>.</summary>
    public static string Write(TimeSpan time)
    {
        if (time < TimeSpan.FromMinutes(1))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.###}s");
        }

        // To the smaller of the two units that are shown.
        double unitSeconds = time.TotalDays >= 1 ? 3600 : time.TotalHours >= 1 ? 60 : 1;
        time = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds / unitSeconds) * unitSeconds);
        var parts = new List<string>(4);
        foreach (var (count, unit) in new[] { ((int)time.TotalDays, "d"), (time.Hours, "h"), (time.Minutes, "m"), (time.Seconds, "s") })
        {
            if (parts.Count < 2 && (count > 0 || parts.Count == 1))
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{count}{unit}"));
            }
        }

        return parts[1][0] == '0' ? parts[0] : string.Join(' ', parts);
    }
}
