using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Storage.Embedded.Counters;

/// <summary>What a counter holds, as the port tells it.</summary>
internal static class CounterReadings
{
    /// <summary>Reads a counter, measured by the charge's limit; null = nothing is recorded.</summary>
    public static CounterReading Read(Charge charge, Counter? counter, long nowUs)
    {
        if (counter is null)
        {
            LimitTest unused = Counter.TestUnused(charge, 0, nowUs);
            return new CounterReading(charge, unused.Used, unused.Remaining, unused.ResetUs, 0, 0);
        }

        LimitTest test = counter.Test(charge, 0, nowUs);
        if (charge.Quota is not { } quota || counter.Quota.StartUs == 0)
        {
            return new CounterReading(charge, test.Used, test.Remaining, test.ResetUs, 0, 0);
        }

        // Asked as of its start, the period that runs then is its own; it may be over by now.
        long startUs = counter.Quota.StartUs;
        long endUs = QuotaMath.PeriodEndUs(quota, counter.Quota, startUs);
        return endUs == LimitTest.Never
            ? new CounterReading(charge, test.Used, test.Remaining, test.ResetUs, startUs, 0)
            : endUs > nowUs
                ? new CounterReading(charge, test.Used, test.Remaining, test.ResetUs, startUs, endUs)
                : new CounterReading(charge, test.Used, test.Remaining, test.ResetUs, 0, 0);
    }
}
