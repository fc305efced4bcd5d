namespace Decision.Engine.Limits;

/// <summary>An effective quota: at most <see cref="Max"/> units in a period. Immutable; safe for concurrent use.</summary>
public sealed record QuotaLimit
{
    private const long SecondUs = 1_000_000;

    // Replaced whole; that two threads may both compute the same window is harmless.
    private CalendarWindow? _window;

    /// <summary>Takes values that are already whole; <see cref="From"/> takes a policy's settings.</summary>
    /// <param name="max">Units per period, 1 to <see cref="LimitBounds.MaxQuotaUnits"/>.</param>
    /// <param name="renewalUs">For a rolling period its length in microseconds, up to <see cref="LimitBounds.MaxPeriodUs"/>; 0 = the
    /// key's life. Calendar periods ignore it.</param>
    /// <param name="period">What the period is aligned to.</param>
    /// <param name="timeZone">The time zone of a calendar period; null = UTC.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    public QuotaLimit(long max, long renewalUs = 0, QuotaPeriod period = QuotaPeriod.Rolling, TimeZoneInfo? timeZone = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(max, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, LimitBounds.MaxQuotaUnits);
        ArgumentOutOfRangeException.ThrowIfNegative(renewalUs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(renewalUs, LimitBounds.MaxPeriodUs);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((byte)period, (byte)QuotaPeriod.Month, nameof(period));

        Max = max;
        RenewalUs = period == QuotaPeriod.Rolling ? renewalUs : 0;
        Period = period;
        TimeZone = timeZone ?? TimeZoneInfo.Utc;
    }

    /// <value>Units per period.</value>
    public long Max { get; }

    /// <value>Length of a rolling period in microseconds; 0 = for the key's life, and for calendar periods.</value>
    public long RenewalUs { get; }

    /// <value>What the period is aligned to. Default: rolling.</value>
    public QuotaPeriod Period { get; }

    /// <value>The time zone of a calendar period. Default: UTC.</value>
    public TimeZoneInfo TimeZone { get; }

    /// <value>The period's length for comparing quotas, in microseconds: a month counts 30 days, a quota that never renews
    /// <see cref="long.MaxValue"/>.</value>
    public long NominalUs => Period switch
    {
        QuotaPeriod.Hour => 3600 * SecondUs,
        QuotaPeriod.Day => 86_400 * SecondUs,
        QuotaPeriod.Week => 7 * 86_400 * SecondUs,
        QuotaPeriod.Month => 30 * 86_400 * SecondUs,
        _ => NeverRenews ? long.MaxValue : RenewalUs,
    };

    /// <value>Whether a used-up quota stays used up.</value>
    public bool NeverRenews => Period == QuotaPeriod.Rolling && RenewalUs == 0;

    /// <summary>The quota that a policy's settings mean.</summary>
    /// <param name="max">Units, 1 or more. Above <see cref="LimitBounds.MaxQuotaUnits"/> it counts as that.</param>
    /// <param name="renewalSeconds">Seconds of a rolling period; 0 or less = the key's life. Above 100 years it counts as 100
    /// years.</param>
    /// <param name="period">What the period is aligned to.</param>
    /// <param name="timeZone">The time zone of a calendar period; null = UTC.</param>
    /// <exception cref="ArgumentOutOfRangeException">The maximum is below 1: such settings are no limit, or unlimited.</exception>
    public static QuotaLimit From(long max, long renewalSeconds, QuotaPeriod period = QuotaPeriod.Rolling, TimeZoneInfo? timeZone = null)
    {
        long seconds = Math.Clamp(renewalSeconds, 0, LimitBounds.MaxPeriodUs / SecondUs);
        return new QuotaLimit(Math.Min(max, LimitBounds.MaxQuotaUnits), seconds * SecondUs, period, timeZone);
    }

    /// <summary>Orders quotas by how much they let through: the larger maximum; on a tie the shorter nominal period, one that never
    /// renews last.</summary>
    /// <returns>Above 0 if <paramref name="a"/> is more permissive, below 0 if <paramref name="b"/> is, 0 on a tie of both.</returns>
    public static int ComparePermissiveness(QuotaLimit a, QuotaLimit b)
    {
        int larger = a.Max.CompareTo(b.Max);
        return larger != 0 ? larger : b.NominalUs.CompareTo(a.NominalUs);
    }

    /// <summary>One of so many equal shares, rounded down, at least 1 unit.</summary>
    internal QuotaLimit DividedBy(int shares) => new(Math.Max(1, Max / shares), RenewalUs, Period, TimeZone);

    /// <summary>Two quotas are equal if their terms are; the remembered calendar window is no part of them.</summary>
    public bool Equals(QuotaLimit? other) =>
        other is not null && Max == other.Max && RenewalUs == other.RenewalUs && Period == other.Period && TimeZone.Equals(other.TimeZone);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Max, RenewalUs, Period, TimeZone.Id);

    /// <summary>First moment and end of the calendar period that the moment is in, in microseconds since the Unix epoch: for a store whose
    /// script knows no time zones.</summary>
    /// <exception cref="InvalidOperationException">The period is rolling.</exception>
    public (long StartUs, long EndUs) CalendarPeriodAt(long nowUs)
    {
        if (Period == QuotaPeriod.Rolling)
        {
            throw new InvalidOperationException("A rolling period has no place in the calendar.");
        }

        CalendarWindow window = WindowAt(nowUs);
        return (window.StartUs, window.EndUs);
    }

    /// <summary>The calendar period that the moment is in; remembered until a moment outside of it is asked for.</summary>
    internal CalendarWindow WindowAt(long nowUs)
    {
        CalendarWindow? window = _window;
        if (window is null || !window.Contains(nowUs))
        {
            _window = window = CalendarWindow.At(Period, TimeZone, nowUs);
        }

        return window;
    }
}
