using System.Globalization;
using Decision.Cli.Failures;

namespace Decision.Cli.Values;

/// <summary>Limits as people write them: <c>10/1s</c>, <c>1000/30d</c>, <c>1000/month</c>, <c>unlimited</c>.</summary>
internal static class LimitArgument
{
    private const long Unlimited = -1;
    private static readonly string[] Periods = ["hour", "day", "week", "month"];

    /// <summary>Requests and seconds: <c>10/1s</c>, <c>100/m</c>, <c>unlimited</c>, <c>none</c>.</summary>
    /// <exception cref="CommandException">It is no rate.</exception>
    public static (double Rate, double Per) ReadRate(string text, string option)
    {
        switch (text)
        {
            case "unlimited":
                return (Unlimited, 0);
            case "none":
                return (0, 0);
        }

        string[] parts = text.Split('/');
        return parts.Length == 2
            && double.TryParse(parts[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double rate) && rate > 0
            ? (rate, Seconds(parts[1], option))
            : throw CommandException.WrongUse($"{option} '{text}' is not a rate: write requests and a time, as 10/1s or 100/1m, or unlimited, or none.");
    }

    /// <summary>Units, seconds and calendar period: <c>1000/30d</c>, <c>1000/month</c>, <c>1000/once</c>, <c>unlimited</c>, <c>none</c>.</summary>
    /// <exception cref="CommandException">It is no quota.</exception>
    public static (long Max, long RenewalSeconds, string Period) ReadQuota(string text, string option)
    {
        switch (text)
        {
            case "unlimited":
                return (Unlimited, 0, "");
            case "none":
                return (0, 0, "");
        }

        string[] parts = text.Split('/');
        if (parts.Length != 2 || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out long max) || max == 0)
        {
            throw CommandException.WrongUse(
                $"{option} '{text}' is not a quota: write units and a time (1000/30d), units and a calendar period (1000/month; hour, day, week), "
                + "1000/once, unlimited, or none.");
        }

        return parts[1] == "once" ? (max, -1, "")
            : Periods.Contains(parts[1]) ? (max, 0, parts[1])
            : (max, (long)Seconds(parts[1], option), "");
    }

    // "s" is a second, as in 10/s.
    private static double Seconds(string text, string option) =>
        DurationText.Read(text.Length > 0 && char.IsAsciiLetter(text[0]) ? "1" + text : text, option).TotalSeconds is > 0 and var seconds
            ? seconds
            : throw CommandException.WrongUse($"{option} must have a time above 0.");
}
