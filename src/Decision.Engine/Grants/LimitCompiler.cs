using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>Turns limits as written into limits as counted.</summary>
internal static class LimitCompiler
{
    /// <summary>Null = nothing to count: not set, or unlimited.</summary>
    public static RateLimit? Rate(RateSettings settings) =>
        settings.Rate > 0
            ? RateLimit.From(settings.Rate, settings.Per, settings.Algorithm ?? RateAlgorithm.SlidingLog, settings.Burst)
            : null;

    /// <summary>Null = nothing to count: not set, or unlimited.</summary>
    public static QuotaLimit? Quota(QuotaSettings settings) =>
        settings.Max > 0
            ? QuotaLimit.From(settings.Max, settings.RenewalRate, settings.Period ?? QuotaPeriod.Rolling, Zone(settings.TimeZone))
            : null;

    // The name was validated when it was written; a machine that lost its zone data counts in UTC rather than not at all.
    private static TimeZoneInfo Zone(string name) =>
        name.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;
}
