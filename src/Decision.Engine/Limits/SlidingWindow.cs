namespace Decision.Engine.Limits;

/// <summary>
/// Estimates the units of the last period as those of the current aligned window and the share of the window before that the period still
/// reaches, rounded up. In any window of the period fewer than 2 x Max units pass.
/// </summary>
internal static class SlidingWindow
{
    public static LimitTest Test(RateLimit limit, in RateState state, long cost, long nowUs)
    {
        long start = FixedWindow.StartOf(limit.PeriodUs, nowUs);
        (uint previous, uint current) = CountsAt(state, start, limit.PeriodUs);
        long untilEnd = start + limit.PeriodUs - nowUs;
        long used = LimitBounds.CeilingOf((UInt128)previous * (ulong)untilEnd, limit.PeriodUs) + current;
        if (cost == 0 || cost <= limit.Max - used)
        {
            long after = used + cost;
            return new LimitTest(false, after, Math.Max(0, limit.Max - after), ResetUs(limit, previous, current + cost, untilEnd), 0);
        }

        long retry = cost > limit.Max ? LimitTest.Never : RetryUs(limit, previous, current, cost, untilEnd);
        return new LimitTest(true, used, Math.Max(0, limit.Max - used), ResetUs(limit, previous, current, untilEnd), retry);
    }

    public static void Spend(RateLimit limit, ref RateState state, uint cost, long nowUs)
    {
        long start = FixedWindow.StartOf(limit.PeriodUs, nowUs);
        (uint previous, uint current) = CountsAt(state, start, limit.PeriodUs);
        state.MarkUs = start;
        state.Previous = previous;
        state.Count = current + Math.Min(cost, uint.MaxValue - current);
    }

    private static (uint Previous, uint Current) CountsAt(in RateState state, long startUs, long periodUs)
    {
        if (state.MarkUs == startUs)
        {
            return (state.Previous, state.Count);
        }

        return state.MarkUs == startUs - periodUs ? (state.Count, 0u) : (0u, 0u);
    }

    private static long ResetUs(RateLimit limit, long previous, long current, long untilEndUs) =>
        current > 0 ? untilEndUs + limit.PeriodUs : previous > 0 ? untilEndUs : 0;

    /// <summary>The share of the window before (of this one, once it has ended) must sink to what the cost leaves free.</summary>
    private static long RetryUs(RateLimit limit, uint previous, uint current, long cost, long untilEndUs)
    {
        long free = limit.Max - current - cost;
        if (free >= 0)
        {
            return untilEndUs - ReachWith(free, previous, limit.PeriodUs);
        }

        return untilEndUs + limit.PeriodUs - ReachWith(limit.Max - cost, current, limit.PeriodUs);
    }

    /// <summary>The longest remainder of a window at which the share of the one before it is at most <paramref name="free"/>
    /// units.</summary>
    private static long ReachWith(long free, uint counted, long periodUs) => (long)((UInt128)(ulong)free * (ulong)periodUs / counted);
}
