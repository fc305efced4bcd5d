using Decision.Engine.Limits;

namespace Decision.Server.Grpc;

/// <summary>How long the current period of a quota is.</summary>
internal static class QuotaPeriodLength
{
    /// <summary>Microseconds; 0 = it never ends.</summary>
    public static long OfUs(QuotaLimit quota, TimeProvider time)
    {
        if (quota.Period == QuotaPeriod.Rolling)
        {
            return quota.RenewalUs;
        }

        if (quota.Period == QuotaPeriod.Hour)
        {
            return quota.NominalUs;
        }

        // A day may have 23 hours, and a month 28 days: what counts is the time between two midnights of the zone.
        var zone = quota.TimeZone;
        var today = TimeZoneInfo.ConvertTime(time.GetUtcNow(), zone).Date;
        var (from, to) = quota.Period switch
        {
            QuotaPeriod.Week => (today.AddDays(-(((int)today.DayOfWeek + 6) % 7)), today.AddDays(7 - (((int)today.DayOfWeek + 6) % 7))),
            QuotaPeriod.Month => (today.AddDays(1 - today.Day), today.AddDays(1 - today.Day).AddMonths(1)),
            _ => (today, today.AddDays(1)),
        };
        var length = to - from - (zone.GetUtcOffset(to) - zone.GetUtcOffset(from));
        return length.Ticks / TimeSpan.TicksPerMicrosecond;
    }
}
