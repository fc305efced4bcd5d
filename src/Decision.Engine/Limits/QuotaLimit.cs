namespace Decision.Engine.Limits;
public sealed record QuotaLimit(long Max, long RenewalUs, QuotaPeriod Period, TimeZoneInfo TimeZone);
