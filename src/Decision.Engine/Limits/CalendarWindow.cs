namespace Decision.Engine.Limits;

/// <summary>
/// One calendar period, from its first moment to the first of the next. Windows of one kind and time zone follow each other without gap
/// or overlap. Only the zone's offset at given moments is asked, so that all kinds of change are handled alike.
/// </summary>
/// <remarks>
/// A day, week or month begins at the first moment at which the zone's clock shows its first midnight or later: where the clock skips
/// midnight, at the skip; where midnight comes twice, at the first. A day that a zone leaves out has no window. An hour begins whenever
/// the clock shows a full hour, or skips past one.
/// </remarks>
internal sealed record CalendarWindow(long StartUs, long EndUs)
{
    private const long HourUs = 3_600_000_000;
    private const long DayUs = 24 * HourUs;
    private const long StepUs = HourUs / 2;

    // Beyond the largest offset of any zone (14 hours), with room to spare.
    private const long MaxOffsetUs = 16 * HourUs;

    public static CalendarWindow At(QuotaPeriod period, TimeZoneInfo zone, long nowUs) => period switch
    {
        QuotaPeriod.Hour => new CalendarWindow(HourStart(zone, nowUs), HourEnd(zone, nowUs)),
        QuotaPeriod.Day or QuotaPeriod.Week or QuotaPeriod.Month => DatesAt(period, zone, nowUs),
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "A rolling period has no calendar window."),
    };

    public bool Contains(long nowUs) => nowUs >= StartUs && nowUs < EndUs;

    private static CalendarWindow DatesAt(QuotaPeriod period, TimeZoneInfo zone, long nowUs)
    {
        DateOnly first = FirstDate(period, DateOf(nowUs + OffsetUs(zone, nowUs)));
        long start = BeginOf(zone, first);
        while (start > nowUs)
        {
            first = FirstDate(period, first.AddDays(-1));
            start = BeginOf(zone, first);
        }

        // After a clock went back over midnight, now may show the day before the one that has already begun.
        while (true)
        {
            first = NextDate(period, first);
            long next = BeginOf(zone, first);
            if (next > nowUs)
            {
                return new CalendarWindow(start, next);
            }

            start = next;
        }
    }

    private static DateOnly FirstDate(QuotaPeriod period, DateOnly date) => period switch
    {
        QuotaPeriod.Week => date.AddDays(-(((int)date.DayOfWeek + 6) % 7)),
        QuotaPeriod.Month => new DateOnly(date.Year, date.Month, 1),
        _ => date,
    };

    private static DateOnly NextDate(QuotaPeriod period, DateOnly first) => period switch
    {
        QuotaPeriod.Week => first.AddDays(7),
        QuotaPeriod.Month => first.AddMonths(1),
        _ => first.AddDays(1),
    };

    private static DateOnly DateOf(long localUs) =>
        DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks(localUs * TimeSpan.TicksPerMicrosecond));

    /// <summary>The first moment at which the zone's clock shows that date's midnight or later.</summary>
    private static long BeginOf(TimeZoneInfo zone, DateOnly date)
    {
        long local = (date.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * DayUs;
        long from = local - MaxOffsetUs;
        long offset = OffsetUs(zone, from);
        while (true)
        {
            long to = from + StepUs;
            long change = OffsetUs(zone, to) == offset ? to : ChangeIn(zone, from, to);
            if (local - offset < change)
            {
                return local - offset;
            }

            from = change;
            offset = OffsetUs(zone, change);
            if (from + offset >= local)
            {
                return from;
            }
        }
    }

    private static long HourStart(TimeZoneInfo zone, long nowUs)
    {
        long at = nowUs;
        while (true)
        {
            long offset = OffsetUs(zone, at);
            long start = at - Modulo(at + offset, HourUs);
            if (OffsetUs(zone, start) == offset)
            {
                return start;
            }

            long change = ChangeIn(zone, start, at);
            if (BeginsHour(zone, change))
            {
                return change;
            }

            at = change - 1;
        }
    }

    private static long HourEnd(TimeZoneInfo zone, long nowUs)
    {
        long at = nowUs;
        while (true)
        {
            long offset = OffsetUs(zone, at);
            long end = at + HourUs - Modulo(at + offset, HourUs);
            if (OffsetUs(zone, end) == offset)
            {
                return end;
            }

            long change = ChangeIn(zone, at, end);
            if (BeginsHour(zone, change))
            {
                return change;
            }

            at = change;
        }
    }

    /// <summary>Whether the clock, at a change of its offset, shows a full hour or another hour than just before.</summary>
    private static bool BeginsHour(TimeZoneInfo zone, long changeUs)
    {
        long shown = changeUs + OffsetUs(zone, changeUs);
        long before = changeUs - 1 + OffsetUs(zone, changeUs - 1);
        return Modulo(shown, HourUs) == 0 || (shown - Modulo(shown, HourUs)) != (before - Modulo(before, HourUs));
    }

    /// <summary>The first moment with another offset than <paramref name="fromUs"/>, where <paramref name="toUs"/> has another.</summary>
    private static long ChangeIn(TimeZoneInfo zone, long fromUs, long toUs)
    {
        long offset = OffsetUs(zone, fromUs);
        while (toUs - fromUs > 1)
        {
            long middle = fromUs + ((toUs - fromUs) / 2);
            if (OffsetUs(zone, middle) == offset)
            {
                fromUs = middle;
            }
            else
            {
                toUs = middle;
            }
        }

        return toUs;
    }

    private static long OffsetUs(TimeZoneInfo zone, long atUs) =>
        zone.GetUtcOffset(DateTime.UnixEpoch.AddTicks(atUs * TimeSpan.TicksPerMicrosecond)).Ticks / TimeSpan.TicksPerMicrosecond;

    private static long Modulo(long value, long by) => ((value % by) + by) % by;
}
