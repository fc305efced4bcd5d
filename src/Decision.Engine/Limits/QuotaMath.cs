namespace Decision.Engine.Limits;

/// <summary>
/// Quotas as functions on values. A period starts with the first spend in it. The state keeps its start and what was used; its end
/// follows from the quota now in force, so that a changed one applies at once. Time never goes back behind the period's start.
/// </summary>
public static class QuotaMath
{
    /// <summary>Whether the cost fits now, and the numbers to tell the caller.</summary>
    /// <param name="limit">The quota now in force.</param>
    /// <param name="state">What is recorded.</param>
    /// <param name="cost">Units, 0 or more; 0 asks for the numbers only.</param>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is negative.</exception>
    public static LimitTest Test(QuotaLimit limit, in QuotaState state, long cost, long nowUs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        long now = NotBefore(state, nowUs);
        QuotaState current = Current(limit, state, now);
        long used = current.Used;
        bool refused = cost > 0 && cost > limit.Max - used;
        if (!refused)
        {
            used += cost;
        }

        long untilEnd = limit.NeverRenews ? LimitTest.Never : EndUs(limit, current, now) - now;
        long retry = !refused ? 0 : cost > limit.Max ? LimitTest.Never : untilEnd;
        return new LimitTest(refused, used, Math.Max(0, limit.Max - used), used > 0 ? untilEnd : 0, retry);
    }

    /// <summary>Records the cost, beginning a period where none is running. To be called only when <see cref="Test"/> did not refuse it
    /// at the same moment.</summary>
    /// <param name="limit">The quota now in force.</param>
    /// <param name="state">The state to change.</param>
    /// <param name="cost">Units, 0 or more; 0 changes nothing.</param>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is negative.</exception>
    public static void Spend(QuotaLimit limit, ref QuotaState state, long cost, long nowUs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        if (cost > 0)
        {
            Adjust(ref state, limit, cost, nowUs);
        }
    }

    /// <summary>
    /// Corrects what was used, up or down, whether or not it fits: never below 0, and never above
    /// <see cref="LimitBounds.MaxQuotaUnits"/>. A period that runs keeps its end, even at 0 used. Where none runs, units used begin one,
    /// and giving back does nothing.
    /// </summary>
    /// <param name="state">The state to change.</param>
    /// <param name="limit">The quota now in force.</param>
    /// <param name="delta">Units to add to what was used; negative gives back.</param>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    public static void Adjust(ref QuotaState state, QuotaLimit limit, long delta, long nowUs)
    {
        long now = NotBefore(state, nowUs);
        QuotaState current = Current(limit, state, now);
        long used = (long)Int128.Clamp((Int128)current.Used + delta, 0, LimitBounds.MaxQuotaUnits);
        bool begins = current.StartUs == 0 && used > 0;
        state = new QuotaState(begins ? now : current.StartUs, used);
    }

    /// <summary>The end of the period that runs; where none runs, of the one that a spend now would begin.</summary>
    /// <param name="limit">The quota now in force.</param>
    /// <param name="state">What is recorded.</param>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    /// <returns>Microseconds since the Unix epoch; -1 = it never ends.</returns>
    public static long PeriodEndUs(QuotaLimit limit, in QuotaState state, long nowUs)
    {
        long now = NotBefore(state, nowUs);
        return limit.NeverRenews ? LimitTest.Never : EndUs(limit, Current(limit, state, now), now);
    }

    /// <summary>What of the state belongs to the period that runs now; the default state if none does.</summary>
    private static QuotaState Current(QuotaLimit limit, in QuotaState state, long nowUs)
    {
        if (state.StartUs == 0 || limit.NeverRenews)
        {
            return state;
        }

        bool over = limit.Period == QuotaPeriod.Rolling
            ? nowUs - state.StartUs >= limit.RenewalUs
            : state.StartUs < limit.WindowAt(nowUs).StartUs;
        return over ? default : state;
    }

    private static long EndUs(QuotaLimit limit, in QuotaState current, long nowUs) => limit.Period == QuotaPeriod.Rolling
        ? (current.StartUs == 0 ? nowUs : current.StartUs) + limit.RenewalUs
        : limit.WindowAt(nowUs).EndUs;

    /// <summary>A start of 0 means none, so that time begins one microsecond after the epoch.</summary>
    private static long NotBefore(in QuotaState state, long nowUs) => Math.Max(1, LimitBounds.NotBefore(state.StartUs, nowUs));
}
