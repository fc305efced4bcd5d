namespace Decision.Engine.Limits;

/// <summary>An effective rate limit: at most <see cref="Max"/> units per <see cref="PeriodUs"/>, counted as the algorithm says.
/// Immutable.</summary>
public sealed record RateLimit
{
    /// <summary>Takes values that are already whole; <see cref="From"/> takes a policy's settings.</summary>
    /// <param name="algorithm">How units are counted.</param>
    /// <param name="max">Units per period, 1 to 4,294,967,295.</param>
    /// <param name="periodUs">The period in microseconds, 1 to <see cref="LimitBounds.MaxPeriodUs"/>.</param>
    /// <param name="burst">For the token bucket, the units that may be spent at once, 0 to 4,294,967,295; 0 = max. Others ignore
    /// it.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    public RateLimit(RateAlgorithm algorithm, long max, long periodUs, long burst)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)algorithm, (byte)RateAlgorithm.SlidingWindow, nameof(algorithm));
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, uint.MaxValue);
        ArgumentOutOfRangeException.ThrowIfLessThan(periodUs, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(periodUs, LimitBounds.MaxPeriodUs);
        ArgumentOutOfRangeException.ThrowIfNegative(burst);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(burst, uint.MaxValue);

        Algorithm = algorithm;
        Max = max;
        PeriodUs = periodUs;
        Burst = burst;
        Capacity = algorithm == RateAlgorithm.TokenBucket ? BurstWithinBounds() : max;
    }

    /// <value>How units are counted.</value>
    public RateAlgorithm Algorithm { get; }

    /// <value>Units per period, 1 to 4,294,967,295.</value>
    public long Max { get; }

    /// <value>The period in microseconds, at least 1.</value>
    public long PeriodUs { get; }

    /// <value>For the token bucket, the units that may be spent at once; 0 = <see cref="Max"/>.</value>
    public long Burst { get; }

    /// <value>
    /// The most units that one cost can have: the burst of a token bucket, else <see cref="Max"/>. A burst that takes longer than 2^52
    /// microseconds (142 years) to refill counts as the burst that takes just as long.
    /// </value>
    public long Capacity { get; }

    /// <summary>
    /// The limit that a policy's settings mean. A rate below 1 means 1 per per/rate; else it is floor(rate) per per. Rounding goes
    /// against the caller: the period is rounded up to a whole microsecond.
    /// </summary>
    /// <param name="rate">Units, above 0 and finite. Above 4,294,967,295 it counts as that.</param>
    /// <param name="perSeconds">Seconds, above 0 and finite, may be fractional. A period above 100 years counts as 100 years.</param>
    /// <param name="algorithm">How units are counted.</param>
    /// <param name="burst">As for the constructor; above 4,294,967,295 it counts as that.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is not finite or not positive: such settings are no limit, or a
    /// finding.</exception>
    public static RateLimit From(double rate, double perSeconds, RateAlgorithm algorithm, long burst)
    {
        RequirePositive(rate, nameof(rate));
        RequirePositive(perSeconds, nameof(perSeconds));
        double max = rate < 1 ? 1 : Math.Min(Math.Floor(rate), uint.MaxValue);
        return new RateLimit(algorithm, (long)max, PeriodFrom(rate, perSeconds), Math.Min(burst, uint.MaxValue));
    }

    /// <summary>Orders limits by how much they let through: the shorter time per unit, exactly compared; on a tie the larger
    /// maximum.</summary>
    /// <returns>Above 0 if <paramref name="a"/> is more permissive, below 0 if <paramref name="b"/> is, 0 on a tie of both.</returns>
    public static int ComparePermissiveness(RateLimit a, RateLimit b)
    {
        Int128 timePerUnitOfA = (Int128)a.PeriodUs * b.Max;
        Int128 timePerUnitOfB = (Int128)b.PeriodUs * a.Max;
        int faster = timePerUnitOfB.CompareTo(timePerUnitOfA);
        return faster != 0 ? faster : a.Max.CompareTo(b.Max);
    }

    /// <summary>One of so many equal shares, rounded down, at least 1 unit per period.</summary>
    internal RateLimit DividedBy(int shares) =>
        new(Algorithm, Math.Max(1, Max / shares), PeriodUs, Burst == 0 ? 0 : Math.Max(1, Burst / shares));

    private static void RequirePositive(double value, string name)
    {
        if (!double.IsFinite(value) || value <= 0)
        {
            throw new ArgumentOutOfRangeException(name, value, "A rate limit needs a finite number above 0.");
        }
    }

    private static long PeriodFrom(double rate, double perSeconds)
    {
        double seconds = rate < 1 ? perSeconds / rate : perSeconds;
        if (seconds >= LimitBounds.MaxPeriodUs / 1e6)
        {
            return LimitBounds.MaxPeriodUs;
        }

        // Decimal takes 0.57 as it was written, where 0.57 x 10^6 in binary may end just above a whole number and round up to one more.
        decimal exact = rate is < 1 and > 1e-9 && perSeconds > 1e-9 ? (decimal)perSeconds / (decimal)rate : (decimal)seconds;
        long periodUs = (long)decimal.Ceiling(exact * 1_000_000);
        return Math.Clamp(periodUs, 1, LimitBounds.MaxPeriodUs);
    }

    private long BurstWithinBounds()
    {
        UInt128 refillable = (UInt128)LimitBounds.MaxDebtUs * (ulong)Max / (ulong)PeriodUs;
        long wanted = Burst == 0 ? Max : Burst;
        return refillable < (ulong)wanted ? (long)refillable : wanted;
    }
}
