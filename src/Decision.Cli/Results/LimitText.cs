using System.Globalization;
using Decision.Cli.Values;

namespace Decision.Cli.Results;

/// <summary>Limits as people read them.</summary>
internal static class LimitText
{
    private const string Unlimited = "unlimited";
    private const string None = "-";

    /// <summary><c>3 / 10s</c>, <c>unlimited</c>, or <c>-</c> where none is set.</summary>
    public static string Rate(double rate, double per) => rate switch
    {
        0 => None,
        < 0 => Unlimited,
        _ => string.Create(CultureInfo.InvariantCulture, $"{rate:0.######} / {DurationText.Write(TimeSpan.FromSeconds(per))}"),
    };

    /// <summary><c>5 / 1h</c>, <c>100000 / month</c>, <c>10 once</c>, <c>unlimited</c>, or <c>-</c> where none is set.</summary>
    public static string Quota(long max, long renewalSeconds, string period) => max switch
    {
        0 => None,
        < 0 => Unlimited,
        _ when period.Length > 0 => string.Create(CultureInfo.InvariantCulture, $"{max} / {period}"),
        _ when renewalSeconds > 0 => string.Create(CultureInfo.InvariantCulture, $"{max} / {DurationText.Write(TimeSpan.FromSeconds(renewalSeconds))}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{max} once"),
    };

    /// <summary>A number of units; -1 = unlimited.</summary>
    public static string Units(long units) => units < 0 ? Unlimited : units.ToString(CultureInfo.InvariantCulture);
}
