using System.Globalization;
using Decision.Cli.Values;
using Google.Protobuf.WellKnownTypes;

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

    /// <summary>A limit in force: <c>rate 3 / 10s</c>, <c>quota 100000 / month</c>, <c>quota 10 once</c>, <c>quota unlimited</c>.</summary>
    /// <param name="name"><c>rate</c> or <c>quota</c>.</param>
    /// <param name="limit">Units; -1 = unlimited.</param>
    /// <param name="period">The current period's length; null = it never ends.</param>
    /// <param name="quotaPeriod">The part of the calendar that it goes by; empty = none, as from a service that does not tell.</param>
    public static string InForce(string name, long limit, Duration? period, string quotaPeriod) => limit < 0 ? $"{name} {Unlimited}"
        : quotaPeriod.Length > 0 ? string.Create(CultureInfo.InvariantCulture, $"{name} {limit} / {quotaPeriod}")
        : period is null ? string.Create(CultureInfo.InvariantCulture, $"{name} {limit} once")
        : string.Create(CultureInfo.InvariantCulture, $"{name} {limit} / {DurationText.Write(period.ToTimeSpan())}");

    /// <summary>A number of units; -1 = unlimited.</summary>
    public static string Units(long units) => units < 0 ? Unlimited : units.ToString(CultureInfo.InvariantCulture);
}
