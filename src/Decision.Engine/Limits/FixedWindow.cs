namespace Decision.Engine.Limits;

/// <summary>At most Max units in each window that begins at a multiple of the period since the Unix epoch.</summary>
internal static class FixedWindow
{
    public static LimitTest Test(RateLimit limit, in RateState state, long cost, long nowUs)
    {
        long start = StartOf(limit.PeriodUs, nowUs);
        long untilEnd = start + limit.PeriodUs - nowUs;
        long used = state.MarkUs == start ? state.Count : 0;
        bool refused = cost > 0 && cost > limit.Max - used;
        if (!refused)
        {
            used += cost;
        }

        long retry = !refused ? 0 : cost > limit.Max ? LimitTest.Never : untilEnd;
        return new LimitTest(refused, used, Math.Max(0, limit.Max - used), used > 0 ? untilEnd : 0, retry);
    }

    public static void Spend(RateLimit limit, ref RateState state, uint cost, long nowUs)
    {
        long start = StartOf(limit.PeriodUs, nowUs);
        uint used = state.MarkUs == start ? state.Count : 0;
        state.MarkUs = start;
        state.Count = used + Math.Min(cost, uint.MaxValue - used);
    }

    public static long StartOf(long periodUs, long nowUs) => nowUs - (nowUs % periodUs);
}
