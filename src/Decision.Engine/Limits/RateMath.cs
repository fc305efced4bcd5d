namespace Decision.Engine.Limits;

/// <summary>
/// The rate limits as functions on values. All results are whole numbers from exact integer arithmetic. Time never goes back: a moment
/// before the newest recorded one counts as that one. Testing neither changes the state nor allocates; spending allocates only when a
/// sliding log grows. Not safe for concurrent use of one state.
/// </summary>
public static class RateMath
{
    /// <summary>Whether the cost fits now, and the numbers to tell the caller.</summary>
    /// <param name="limit">The limit now in force.</param>
    /// <param name="state">What is recorded, under this or any earlier limit.</param>
    /// <param name="cost">Units, 0 or more; 0 asks for the numbers only.</param>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is negative.</exception>
    public static LimitTest Test(RateLimit limit, in RateState state, long cost, long nowUs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        long now = LimitBounds.NotBefore(state.NewestUs, nowUs);
        RateState under = Under(limit, state);
        return limit.Algorithm switch
        {
            RateAlgorithm.TokenBucket => TokenBucket.Test(limit, under, cost, now),
            RateAlgorithm.FixedWindow => FixedWindow.Test(limit, under, cost, now),
            RateAlgorithm.SlidingWindow => SlidingWindow.Test(limit, under, cost, now),
            _ => SlidingLog.Test(limit, under, cost, now),
        };
    }

    /// <summary>
    /// Records the cost. To be called only when <see cref="Test"/> did not refuse it at the same moment; called regardless, it records
    /// what does not fit, so that the caller waits longer, and keeps every bound of memory.
    /// </summary>
    /// <param name="limit">The limit now in force; the state is recorded under it from here on.</param>
    /// <param name="state">The state to change.</param>
    /// <param name="cost">Units, 0 or more; 0 changes nothing.</param>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    /// <exception cref="ArgumentOutOfRangeException">The cost is negative.</exception>
    public static void Spend(RateLimit limit, ref RateState state, long cost, long nowUs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cost);
        if (cost == 0)
        {
            return;
        }

        uint units = (uint)Math.Min(cost, uint.MaxValue);
        long now = LimitBounds.NotBefore(state.NewestUs, nowUs);
        RateState next = Under(limit, state);
        switch (limit.Algorithm)
        {
            case RateAlgorithm.TokenBucket:
                TokenBucket.Spend(limit, ref next, units, now);
                break;
            case RateAlgorithm.FixedWindow:
                FixedWindow.Spend(limit, ref next, units, now);
                break;
            case RateAlgorithm.SlidingWindow:
                SlidingWindow.Spend(limit, ref next, units, now);
                break;
            default:
                SlidingLog.Spend(limit, ref next, units, now);
                break;
        }

        next.Kind = limit.Algorithm;
        next.PeriodUs = limit.PeriodUs;
        next.Max = (uint)limit.Max;
        next.NewestUs = now;
        state = next;
    }

    /// <summary>The moment from which the state holds nothing that counts under the limit it was last spent under, so that a store may
    /// drop it.</summary>
    /// <returns>Microseconds since the Unix epoch; 0 if nothing is recorded.</returns>
    public static long IdleAtUs(in RateState state)
    {
        if (state.IsEmpty)
        {
            return 0;
        }

        return state.Kind switch
        {
            RateAlgorithm.TokenBucket => state.MarkUs + (state.Count > 0 ? 1 : 0),
            RateAlgorithm.FixedWindow => state.MarkUs + state.PeriodUs,
            RateAlgorithm.SlidingWindow when state.Count > 0 => state.MarkUs + (2 * state.PeriodUs),
            RateAlgorithm.SlidingWindow => state.MarkUs + state.PeriodUs,
            _ => state.NewestUs + state.PeriodUs,
        };
    }

    /// <summary>The moment from which the state holds nothing that counts under <paramref name="limit"/>.</summary>
    /// <returns>Microseconds since the Unix epoch; 0 if nothing is recorded.</returns>
    public static long IdleAtUs(RateLimit limit, in RateState state)
    {
        RateState under = Under(limit, state);
        if (!under.IsEmpty)
        {
            under.PeriodUs = limit.PeriodUs;
        }

        return IdleAtUs(under);
    }

    /// <summary>
    /// The state as the limit sees it. What was recorded under terms that do not carry over becomes its units at its newest stamp: the
    /// most that the new terms can ask for, and the same at whatever moment it is asked, so that a promised retry holds.
    /// </summary>
    internal static RateState Under(RateLimit limit, in RateState state)
    {
        if (state.IsEmpty || CarriesOver(limit, state))
        {
            return state;
        }

        uint units = UnitsRecorded(state, limit.PeriodUs);
        var under = new RateState
        {
            Kind = limit.Algorithm,
            PeriodUs = limit.PeriodUs,
            Max = (uint)limit.Max,
            NewestUs = state.NewestUs,
        };
        if (limit.Algorithm == RateAlgorithm.TokenBucket)
        {
            TokenBucket.Place(limit, ref under, units, state.NewestUs);
            return under;
        }

        under.Count = units;
        under.MarkUs = limit.Algorithm == RateAlgorithm.SlidingLog ? state.NewestUs : FixedWindow.StartOf(limit.PeriodUs, state.NewestUs);
        return under;
    }

    private static bool CarriesOver(RateLimit limit, in RateState state) => state.Kind == limit.Algorithm && limit.Algorithm switch
    {
        RateAlgorithm.SlidingLog => true,
        RateAlgorithm.TokenBucket => state.PeriodUs == limit.PeriodUs && state.Max == limit.Max,
        _ => state.PeriodUs == limit.PeriodUs,
    };

    /// <summary>The most units that may have been spent in the period of that length which ends at the newest stamp, as far as the state
    /// tells.</summary>
    private static uint UnitsRecorded(in RateState state, long periodUs)
    {
        long horizon = state.NewestUs - periodUs;
        long units = state.Kind switch
        {
            RateAlgorithm.TokenBucket => TokenBucket.UnitsAtNewest(state),
            RateAlgorithm.FixedWindow => state.Count,
            // The units of the window before may all have been spent just before this one's start.
            RateAlgorithm.SlidingWindow => state.Count + (state.MarkUs > horizon ? (long)state.Previous : 0),
            _ => SlidingLog.UnitsAfter(state, horizon),
        };
        return (uint)Math.Min(units, uint.MaxValue);
    }
}
