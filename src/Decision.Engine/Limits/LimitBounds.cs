namespace Decision.Engine.Limits;

/// <summary>
/// The ranges in which the arithmetic of limits is exact. Periods stay below 2^52, so that a moment of the next two centuries plus a
/// period is an integer that an IEEE double holds exactly: a script of the store can repeat every result.
/// </summary>
public static class LimitBounds
{
    /// <summary>The longest period of a rate limit or quota, 100 years of 365 days, in microseconds.</summary>
    public const long MaxPeriodUs = 100L * 365 * 86_400 * 1_000_000;

    /// <summary>The largest maximum of a quota: the largest integer up to which a double counts in ones.</summary>
    public const long MaxQuotaUnits = (1L << 53) - 1;

    /// <summary>The latest moment that is told apart, in microseconds since the Unix epoch (in the year 9892).</summary>
    internal const long MaxInstantUs = 250_000_000_000_000_000;

    /// <summary>The furthest that a token bucket may be full ahead of its newest stamp, in microseconds.</summary>
    internal const long MaxDebtUs = 1L << 52;

    /// <summary>The moment of a test or spend: the caller's, but never before the newest recorded one.</summary>
    internal static long NotBefore(long recordedUs, long nowUs) => Math.Max(recordedUs, Math.Clamp(nowUs, 0, MaxInstantUs));

    /// <summary>a / b rounded up. The short way spares the wide division, which nearly every decision can.</summary>
    internal static long CeilingOf(UInt128 a, long b)
    {
        if (a <= ulong.MaxValue)
        {
            (ulong quotient, ulong remainder) = Math.DivRem((ulong)a, (ulong)b);
            return Saturated(remainder == 0 ? quotient : (UInt128)quotient + 1);
        }

        return Saturated((a + (ulong)b - 1) / (ulong)b);
    }

    private static long Saturated(UInt128 value) => value > long.MaxValue ? long.MaxValue : (long)value;
}
