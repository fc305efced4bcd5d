using System.Globalization;
using Decision.Engine.Limits;

namespace Decision.Engine.Tests.Limits;

public class CalendarWindowTests
{
    public static long Us(string moment) =>
        (DateTimeOffset.Parse(moment, CultureInfo.InvariantCulture).UtcDateTime - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    [Theory]
    [InlineData(QuotaPeriod.Hour, "Etc/UTC", "2026-05-01T10:59:59.999999Z", "2026-05-01T10:00Z", "2026-05-01T11:00Z")]
    [InlineData(QuotaPeriod.Hour, "Asia/Kolkata", "2026-05-01T10:15Z", "2026-05-01T09:30Z", "2026-05-01T10:30Z")]
    [InlineData(QuotaPeriod.Day, "Etc/UTC", "2026-05-01T00:00Z", "2026-05-01T00:00Z", "2026-05-02T00:00Z")]
    [InlineData(QuotaPeriod.Week, "Etc/UTC", "2026-05-03T23:59:59.999999Z", "2026-04-27T00:00Z", "2026-05-04T00:00Z")]
    [InlineData(QuotaPeriod.Week, "Etc/UTC", "2026-05-04T00:00Z", "2026-05-04T00:00Z", "2026-05-11T00:00Z")]
    [InlineData(QuotaPeriod.Week, "Etc/UTC", "2027-01-01T12:00Z", "2026-12-28T00:00Z", "2027-01-04T00:00Z")]
    [InlineData(QuotaPeriod.Month, "Etc/UTC", "2028-02-29T12:00Z", "2028-02-01T00:00Z", "2028-03-01T00:00Z")]
    [InlineData(QuotaPeriod.Month, "Etc/UTC", "2100-02-28T23:59Z", "2100-02-01T00:00Z", "2100-03-01T00:00Z")]
    [InlineData(QuotaPeriod.Month, "Etc/UTC", "2026-12-31T23:59Z", "2026-12-01T00:00Z", "2027-01-01T00:00Z")]
    [InlineData(QuotaPeriod.Month, "Etc/UTC", "1970-01-01T00:00Z", "1970-01-01T00:00Z", "1970-02-01T00:00Z")]
    [InlineData(QuotaPeriod.Month, "America/New_York", "2026-03-20T12:00Z", "2026-03-01T05:00Z", "2026-04-01T04:00Z")]
    [InlineData(QuotaPeriod.Month, "Europe/Berlin", "2026-10-31T22:59Z", "2026-09-30T22:00Z", "2026-10-31T23:00Z")]
    public void At_moment_is_within_its_period(QuotaPeriod period, string zone, string now, string start, string end) =>
        AssertWindow(period, zone, now, start, end);

    // Clocks go forward on 29 March 2026 and back on 25 October 2026 at 01:00 UTC.
    [Theory]
    [InlineData(QuotaPeriod.Day, "2026-03-29T12:00Z", "2026-03-28T23:00Z", "2026-03-29T22:00Z")]
    [InlineData(QuotaPeriod.Day, "2026-10-25T12:00Z", "2026-10-24T22:00Z", "2026-10-25T23:00Z")]
    [InlineData(QuotaPeriod.Week, "2026-03-29T12:00Z", "2026-03-22T23:00Z", "2026-03-29T22:00Z")]
    [InlineData(QuotaPeriod.Hour, "2026-03-29T01:30Z", "2026-03-29T01:00Z", "2026-03-29T02:00Z")]
    [InlineData(QuotaPeriod.Hour, "2026-10-25T00:30Z", "2026-10-25T00:00Z", "2026-10-25T01:00Z")]
    [InlineData(QuotaPeriod.Hour, "2026-10-25T01:30Z", "2026-10-25T01:00Z", "2026-10-25T02:00Z")]
    public void At_change_of_clocks_in_Berlin(QuotaPeriod period, string now, string start, string end) =>
        AssertWindow(period, "Europe/Berlin", now, start, end);

    [Theory]
    // Midnight is skipped: the day begins at the skip.
    [InlineData("America/Sao_Paulo", "2018-11-04T12:00Z", "2018-11-04T03:00Z", "2018-11-05T02:00Z")]
    // The clock goes back at midnight to 23:00: the day before lasts 25 hours.
    [InlineData("America/Sao_Paulo", "2018-02-18T02:30Z", "2018-02-17T02:00Z", "2018-02-18T03:00Z")]
    // Midnight comes twice: the first one begins the day.
    [InlineData("America/Havana", "2026-11-01T05:30Z", "2026-11-01T04:00Z", "2026-11-02T05:00Z")]
    // One minute after midnight the clock goes back to the day before, which does not begin again.
    [InlineData("America/St_Johns", "2010-11-07T02:45Z", "2010-11-07T02:30Z", "2010-11-08T03:30Z")]
    // 30 December 2011 was left out.
    [InlineData("Pacific/Apia", "2011-12-30T09:00Z", "2011-12-29T10:00Z", "2011-12-30T10:00Z")]
    [InlineData("Pacific/Apia", "2011-12-30T11:00Z", "2011-12-30T10:00Z", "2011-12-31T10:00Z")]
    public void At_midnight_that_is_skipped_or_repeated(string zone, string now, string start, string end) =>
        AssertWindow(QuotaPeriod.Day, zone, now, start, end);

    [Theory]
    [InlineData("2026-04-04T15:15Z", "2026-04-04T14:00Z", "2026-04-04T15:30Z")]
    [InlineData("2026-04-04T14:15Z", "2026-04-04T14:00Z", "2026-04-04T15:30Z")]
    [InlineData("2026-10-03T15:45Z", "2026-10-03T15:30Z", "2026-10-03T16:00Z")]
    [InlineData("2026-10-03T15:15Z", "2026-10-03T14:30Z", "2026-10-03T15:30Z")]
    public void At_change_of_half_an_hour_the_clock_hour_is_longer_or_shorter(string now, string start, string end) =>
        AssertWindow(QuotaPeriod.Hour, "Australia/Lord_Howe", now, start, end);

    [Theory]
    [InlineData("Etc/UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("America/Sao_Paulo")]
    [InlineData("America/Havana")]
    [InlineData("America/St_Johns")]
    [InlineData("Pacific/Apia")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Africa/Casablanca")]
    [InlineData("Asia/Kathmandu")]
    public void At_all_moments_windows_have_neither_gap_nor_overlap(string id)
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(id);
        var random = new Random(3);
        foreach (QuotaPeriod period in Enum.GetValues<QuotaPeriod>().Where(p => p != QuotaPeriod.Rolling))
        {
            int steps = period == QuotaPeriod.Hour ? 24 * 366 : 400;
            long at = Us(period switch
            {
                QuotaPeriod.Hour => "2026-01-01T00:00Z",
                QuotaPeriod.Day => "2011-06-01T00:00Z",
                _ => "2006-01-01T00:00Z",
            });
            CalendarWindow window = CalendarWindow.At(period, zone, at);
            for (int i = 0; i < steps; i++)
            {
                Assert.True(window.EndUs > window.StartUs);
                Assert.Equal(window, CalendarWindow.At(period, zone, window.StartUs));
                Assert.Equal(window, CalendarWindow.At(period, zone, window.EndUs - 1));
                Assert.Equal(window, CalendarWindow.At(period, zone, random.NextInt64(window.StartUs, window.EndUs)));
                CalendarWindow next = CalendarWindow.At(period, zone, window.EndUs);
                Assert.Equal(window.EndUs, next.StartUs);
                window = next;
            }
        }
    }

    [Fact]
    public void At_rolling_period_throws() =>
        Assert.Throws<ArgumentOutOfRangeException>("period", () => CalendarWindow.At(QuotaPeriod.Rolling, TimeZoneInfo.Utc, 0));

    [Fact]
    public void WindowAt_remembers_the_current_window_and_leaves_it()
    {
        var limit = new QuotaLimit(1, 0, QuotaPeriod.Day);
        CalendarWindow first = limit.WindowAt(Us("2026-05-01T00:00Z"));

        Assert.Same(first, limit.WindowAt(Us("2026-05-01T23:59:59.999999Z")));
        Assert.Equal(Us("2026-05-02T00:00Z"), limit.WindowAt(Us("2026-05-02T00:00Z")).StartUs);
        Assert.Equal(first, limit.WindowAt(Us("2026-05-01T12:00Z")));
    }

    private static void AssertWindow(QuotaPeriod period, string zone, string now, string start, string end) =>
        Assert.Equal(new CalendarWindow(Us(start), Us(end)), CalendarWindow.At(period, TimeZoneInfo.FindSystemTimeZoneById(zone), Us(now)));
}
