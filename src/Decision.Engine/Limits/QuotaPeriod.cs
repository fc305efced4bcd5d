namespace Decision.Engine.Limits;

/// <summary>When a quota's period starts and ends.</summary>
public enum QuotaPeriod : byte
{
    /// <summary>From the first admitted request, for <c>quota_renewal_rate</c> seconds; the default.</summary>
    Rolling = 0,

    /// <summary>The calendar's hour.</summary>
    Hour = 1,

    /// <summary>The calendar's day.</summary>
    Day = 2,

    /// <summary>The calendar's week, from Monday.</summary>
    Week = 3,

    /// <summary>The calendar's month.</summary>
    Month = 4,
}
