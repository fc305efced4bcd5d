namespace Decision.Engine.Limits;

/// <summary>
/// At most Max units in any window of the period. Up to a maximum of 1,024 every spend is an entry, so the log is exact. Above, units
/// within period/1024 of an entry's first stamp join it and it takes the newest stamp: first stamps are at least period/1024 apart, and
/// an entry is shorter than that, so at most 1,025 are in the window; they may leave it up to period/1024 late, never early.
/// </summary>
internal static class SlidingLog
{
    /// <summary>The largest maximum whose log is exact.</summary>
    public const long ExactMax = 1024;

    public static LimitTest Test(RateLimit limit, in RateState state, long cost, long nowUs)
    {
        long horizon = nowUs - limit.PeriodUs;
        int first = state.Log?.FirstAfter(horizon) ?? 0;
        long used = UnitsAfter(state, horizon);
        if (cost == 0 || cost <= limit.Max - used)
        {
            long newest = cost > 0 ? nowUs : state.NewestUs;
            long after = used + cost;
            return new LimitTest(false, after, Math.Max(0, limit.Max - after), after > 0 ? newest - horizon : 0, 0);
        }

        long retry = LimitTest.Never;
        if (cost <= limit.Max)
        {
            long freeing = state.Log?.StampOfUnit(first, used + cost - limit.Max) ?? state.NewestUs;
            retry = freeing - horizon;
        }

        return new LimitTest(true, used, Math.Max(0, limit.Max - used), used > 0 ? state.NewestUs - horizon : 0, retry);
    }

    public static void Spend(RateLimit limit, ref RateState state, uint cost, long nowUs)
    {
        long horizon = nowUs - limit.PeriodUs;
        long grid = limit.Max > ExactMax ? GridUs(limit.PeriodUs) : 0;
        EntryLog? log = state.Log;
        if (log is null)
        {
            if (state.Count == 0 || state.NewestUs <= horizon)
            {
                state.Count = cost;
                state.MarkUs = nowUs;
                return;
            }

            if (Joins(state, grid, nowUs))
            {
                state.Count += Math.Min(cost, uint.MaxValue - state.Count);
                return;
            }

            state.Log = log = new EntryLog();
            log.Append(state.NewestUs, state.Count);
            state.Count = 0;
        }
        else
        {
            log.DropUntil(horizon);
            if (log.Count > 0 && grid > 0 && (state.Max <= ExactMax || state.PeriodUs < limit.PeriodUs))
            {
                // Recorded closer together than this limit's grid: folded once, so that the bound of 1,025 entries holds from here on.
                state.MarkUs = log.Fold(grid);
            }

            if (log.Count > 0 && Joins(state, grid, nowUs))
            {
                log.Join(nowUs, cost);
                return;
            }
        }

        log.Append(nowUs, cost);
        state.MarkUs = nowUs;
    }

    /// <summary>Units recorded after the horizon.</summary>
    public static uint UnitsAfter(in RateState state, long horizonUs)
    {
        if (state.Log is { } log)
        {
            return log.UnitsFrom(log.FirstAfter(horizonUs));
        }

        return state.NewestUs > horizonUs ? state.Count : 0;
    }

    /// <summary>For whole microseconds x: x &lt; GridUs(p) exactly if x &lt; p / 1024.</summary>
    private static long GridUs(long periodUs) => (periodUs + 1023) / 1024;

    private static bool Joins(in RateState state, long gridUs, long nowUs) => nowUs == state.NewestUs || nowUs - state.MarkUs < gridUs;
}
