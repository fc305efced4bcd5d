using Decision.Engine.Limits;

namespace Decision.Engine.Settings;

/// <summary>A quota as it is written. The four travel together when policies are merged.</summary>
/// <param name="Max">Requests per period; 0 = not set, -1 = unlimited.</param>
/// <param name="RenewalRate">Seconds that a period lasts from its first request; 0 = never renewed.</param>
/// <param name="Period">A calendar period, which counts before <paramref name="RenewalRate"/>; null = not set.</param>
/// <param name="TimeZone">IANA name of the calendar's time zone; empty = UTC.</param>
public sealed record QuotaSettings(long Max, long RenewalRate, QuotaPeriod? Period = null, string TimeZone = "")
{
    /// <summary>Nothing set.</summary>
    public static QuotaSettings None { get; } = new(0, 0);

    /// <summary>True when a quota is written: a positive one or -1.</summary>
    public bool IsSet => Max != 0;

    /// <summary>True for -1.</summary>
    public bool IsUnlimited => Max < 0;
}
