using Decision.Engine.Limits;
using Decision.Runtime;
using Decision.Runtime.Stores;
using V1 = Decision.Contracts.Admin.V1;

namespace Decision.Server.Grpc.Admin;

/// <summary>What a counter holds, on the wire.</summary>
internal static class UsageMapping
{
    public static V1.Usage ToMessage(CounterReading reading, TimeProvider time)
    {
        var charge = reading.Charge;
        long periodUs = LimitMapping.PeriodUs(charge, time);
        return new V1.Usage
        {
            Name = charge.Name,
            Scope = charge.Scope,
            Origin = charge.Origin.Name,
            Limit = charge.Max,
            Used = reading.Used,
            Remaining = reading.Remaining,
            Period = WireDuration.Of(periodUs),
            QuotaPeriod = LimitMapping.QuotaPeriodOf(charge),
            PeriodStart = WireTime.OfUs(StartUs(reading, periodUs)),
            ResetsAt = WireTime.OfUs(ResetsAtUs(reading, time)),
        };
    }

    // A calendar period began at its midnight, not with the first request in it.
    private static long StartUs(CounterReading reading, long periodUs) =>
        reading.Charge.Quota is { Period: not QuotaPeriod.Rolling } && reading.PeriodEndUs > 0
            ? reading.PeriodEndUs - periodUs
            : reading.PeriodStartUs;

    private static long ResetsAtUs(CounterReading reading, TimeProvider time) =>
        reading.Charge.Quota is not null ? reading.PeriodEndUs
        : reading.ResetUs > 0 ? time.NowUs() + reading.ResetUs
        : 0;
}
