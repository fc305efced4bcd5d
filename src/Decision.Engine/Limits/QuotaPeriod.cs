namespace Decision.Engine.Limits;

/// <summary>What a quota's period is aligned to. The values are part of stored policies and never change.</summary>
public enum QuotaPeriod : byte
{
    /// <summary>From the first admitted spend, for the renewal's length. The default.</summary>
    Rolling = 0,

    /// <summary>The clock hour of the quota's time zone. Each run of a repeated clock hour is an hour of its own.</summary>
    Hour = 1,

    /// <summary>The calendar day of the quota's time zone.</summary>
    Day = 2,

    /// <summary>The ISO week, Monday to Sunday, of the quota's time zone.</summary>
    Week = 3,

    /// <summary>The calendar month of the quota's time zone.</summary>
    Month = 4,
}
