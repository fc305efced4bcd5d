namespace Decision.Engine.Limits;

/// <summary>
/// GCRA: the only number is the moment at which the bucket is full again. A unit takes period/Max microseconds to refill, so that moment
/// is kept in whole microseconds and a rest in 1/Max of a microsecond: nothing is ever rounded, and at most capacity + Max x t / period
/// units pass in any t. A debt is the time until full, in 1/Max of a microsecond; a unit then weighs exactly the period.
/// </summary>
internal static class TokenBucket
{
    public static LimitTest Test(RateLimit limit, in RateState state, long cost, long nowUs)
    {
        UInt128 debt = DebtAt(state, nowUs);
        long used = LimitBounds.CeilingOf(debt, limit.PeriodUs);
        if (cost > limit.Capacity)
        {
            return new LimitTest(true, used, Math.Max(0, limit.Capacity - used), LimitBounds.CeilingOf(debt, limit.Max), LimitTest.Never);
        }

        UInt128 full = Weight(limit, limit.Capacity);
        UInt128 wanted = debt + Weight(limit, cost);
        bool refused = cost > 0 && wanted > full;
        if (!refused)
        {
            debt = wanted;
            used += cost;
        }

        long retry = refused ? LimitBounds.CeilingOf(wanted - full, limit.Max) : 0;
        return new LimitTest(refused, used, Math.Max(0, limit.Capacity - used), LimitBounds.CeilingOf(debt, limit.Max), retry);
    }

    public static void Spend(RateLimit limit, ref RateState state, uint cost, long nowUs) =>
        Fill(limit, ref state, DebtAt(state, nowUs) + Weight(limit, cost), nowUs);

    /// <summary>Units that the bucket still lacked at its newest stamp, rounded up.</summary>
    public static long UnitsAtNewest(in RateState state) => LimitBounds.CeilingOf(DebtAt(state, state.NewestUs), state.PeriodUs);

    /// <summary>Makes the bucket lack the units at that moment.</summary>
    public static void Place(RateLimit limit, ref RateState state, uint units, long stampUs) =>
        Fill(limit, ref state, Weight(limit, units), stampUs);

    private static UInt128 Weight(RateLimit limit, long units) => (UInt128)(ulong)limit.PeriodUs * (ulong)units;

    private static UInt128 DebtAt(in RateState state, long nowUs) =>
        state.MarkUs < nowUs ? UInt128.Zero : ((UInt128)(ulong)(state.MarkUs - nowUs) * state.Max) + state.Count;

    private static void Fill(RateLimit limit, ref RateState state, UInt128 debt, long nowUs)
    {
        UInt128 most = (UInt128)LimitBounds.MaxDebtUs * (ulong)limit.Max;
        if (debt > most)
        {
            debt = most;
        }

        (UInt128 whole, UInt128 rest) = UInt128.DivRem(debt, (ulong)limit.Max);
        state.MarkUs = nowUs + (long)whole;
        state.Count = (uint)rest;
    }
}
