namespace Decision.Runtime.Observation.Quotas;

/// <summary>A threshold that was reached, as far as this server knows for the first time in the period.</summary>
/// <param name="Place">The threshold.</param>
/// <param name="EndsAtUs">When the period ends, in microseconds since the Unix epoch; <see cref="long.MaxValue"/> = never.</param>
/// <param name="Event">What is told of it.</param>
internal sealed record ReachedQuota(QuotaPlace Place, long EndsAtUs, QuotaEvent Event)
{
    /// <summary>
    /// How far the ends of the same period lie apart at most, in microseconds: each is reckoned from what is left of it, by another clock or after
    /// another while.
    /// </summary>
    public const long ToleranceUs = 2_000_000;

    /// <summary>Whether two ends are of the same period.</summary>
    public static bool IsSamePeriod(long oneUs, long otherUs) =>
        oneUs == otherUs || (oneUs != long.MaxValue && otherUs != long.MaxValue && Math.Abs(oneUs - otherUs) <= ToleranceUs);
}
