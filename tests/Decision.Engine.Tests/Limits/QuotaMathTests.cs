using Decision.Engine.Limits;
using Decision.TestKit;
using static Decision.Engine.Tests.Limits.Counter;

namespace Decision.Engine.Tests.Limits;

public class QuotaMathTests
{
    private QuotaState _state;

    [Fact]
    public void Test_first_spend_begins_the_period()
    {
        QuotaLimit limit = QuotaLimit.From(10, 3600);

        Assert.Equal(new LimitTest(false, 1, 9, 3600 * Second, 0), Try(limit, Start));
        Assert.Equal(Start + (3600 * Second), QuotaMath.PeriodEndUs(limit, _state, Start + Second));
        Assert.Equal(new LimitTest(false, 3, 7, 3599 * Second, 0), Try(limit, Start + Second, 2));
        Assert.Equal(new QuotaState(Start, 3), _state);
    }

    [Fact]
    public void Test_used_up_quota_is_refused_until_exactly_its_end_and_a_new_period_begins_with_the_next_spend()
    {
        QuotaLimit limit = QuotaLimit.From(2, 60);
        Try(limit, Start, 2);

        Assert.Equal(new LimitTest(true, 2, 0, 1, 1), Try(limit, Start + (60 * Second) - 1));
        Assert.Equal(new LimitTest(false, 0, 2, 0, 0), Look(limit, Start + (60 * Second)));
        Assert.Equal(new LimitTest(false, 1, 1, 60 * Second, 0), Try(limit, Start + (90 * Second)));
        Assert.Equal(new QuotaState(Start + (90 * Second), 1), _state);
    }

    [Fact]
    public void Test_quota_without_renewal_is_for_life()
    {
        QuotaLimit limit = QuotaLimit.From(1, 0);

        Assert.Equal(new LimitTest(false, 0, 1, 0, 0), Look(limit, Start));
        Assert.Equal(new LimitTest(false, 1, 0, LimitTest.Never, 0), Try(limit, Start));
        Assert.Equal(new LimitTest(true, 1, 0, LimitTest.Never, LimitTest.Never), Try(limit, Start + LimitBounds.MaxPeriodUs));
        Assert.Equal(LimitTest.Never, QuotaMath.PeriodEndUs(limit, _state, Start));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(long.MaxValue)]
    public void Test_cost_above_the_whole_quota_never_passes(long cost) =>
        Assert.Equal(new LimitTest(true, 0, 10, 0, LimitTest.Never), Try(QuotaLimit.From(10, 60), Start, cost));

    [Fact]
    public void Test_cost_that_does_not_fit_leaves_what_remains()
    {
        QuotaLimit limit = QuotaLimit.From(10, 60);
        Try(limit, Start, 8);

        Assert.Equal(new LimitTest(true, 8, 2, 60 * Second, 60 * Second), Try(limit, Start, 3));
        Assert.False(Try(limit, Start, 2).Refused);
    }

    [Fact]
    public void Test_clock_going_back_stays_in_the_period()
    {
        QuotaLimit limit = QuotaLimit.From(1, 60);
        Try(limit, Start);

        Assert.Equal(new LimitTest(true, 1, 0, 60 * Second, 60 * Second), Try(limit, Start - (500 * Second)));
        Assert.Equal(new QuotaState(Start, 1), _state);
    }

    [Fact]
    public void Test_changed_renewal_and_maximum_apply_at_once_to_the_running_period()
    {
        Try(QuotaLimit.From(10, 3600), Start, 10);
        long now = Start + (100 * Second);

        Assert.Equal(new LimitTest(true, 10, 0, 100 * Second, 100 * Second), Try(QuotaLimit.From(10, 200), now));
        Assert.Equal(new LimitTest(true, 10, 0, 7100 * Second, 7100 * Second), Try(QuotaLimit.From(10, 7200), now));
        Assert.Equal(new LimitTest(true, 10, 0, 3500 * Second, 3500 * Second), Try(QuotaLimit.From(5, 3600), now));
        Assert.Equal(new LimitTest(false, 0, 10, 0, 0), Look(QuotaLimit.From(10, 100), now));
        Assert.Equal(new LimitTest(false, 11, 9, 3500 * Second, 0), Try(QuotaLimit.From(20, 3600), now));
    }

    [Fact]
    public void Test_renewal_of_a_century_does_not_take_an_unused_quota_for_a_running_one()
    {
        var limit = new QuotaLimit(1, LimitBounds.MaxPeriodUs);

        Assert.Equal(Start + LimitBounds.MaxPeriodUs, QuotaMath.PeriodEndUs(limit, _state, Start));
        Assert.Equal(LimitBounds.MaxPeriodUs, Try(limit, Start).ResetUs);
    }

    [Fact]
    public void Spend_at_the_epoch_or_before_begins_a_period()
    {
        QuotaLimit limit = QuotaLimit.From(1, 60);
        Try(limit, -5);

        Assert.Equal(new QuotaState(1, 1), _state);
        Assert.True(Look(limit, 0, 1).Refused);
    }

    [Fact]
    public void Test_and_Spend_negative_cost_throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>("cost", () => Look(QuotaLimit.From(1, 1), Start, -1));
        Assert.Throws<ArgumentOutOfRangeException>("cost", () => QuotaMath.Spend(QuotaLimit.From(1, 1), ref _state, -1, Start));
    }

    [Fact]
    public void Spend_of_zero_begins_no_period()
    {
        QuotaMath.Spend(QuotaLimit.From(1, 1), ref _state, 0, Start);

        Assert.Equal(default, _state);
    }

    [Fact]
    public void Spend_of_what_was_refused_is_recorded_and_bounded()
    {
        QuotaLimit limit = QuotaLimit.From(1, 60);
        QuotaMath.Spend(limit, ref _state, long.MaxValue, Start);
        QuotaMath.Spend(limit, ref _state, long.MaxValue, Start);

        Assert.Equal(new QuotaState(Start, LimitBounds.MaxQuotaUnits), _state);
        Assert.Equal(new LimitTest(true, LimitBounds.MaxQuotaUnits, 0, 60 * Second, 60 * Second), Try(limit, Start));
    }

    [Theory]
    [InlineData(-3, 5)]
    [InlineData(-8, 0)]
    [InlineData(-100, 0)]
    [InlineData(long.MinValue, 0)]
    [InlineData(100, 108)]
    [InlineData(long.MaxValue, LimitBounds.MaxQuotaUnits)]
    public void Adjust_in_a_running_period_keeps_its_start(long delta, long used)
    {
        QuotaLimit limit = QuotaLimit.From(10, 60);
        Try(limit, Start, 8);

        QuotaMath.Adjust(ref _state, limit, delta, Start + Second);

        Assert.Equal(new QuotaState(Start, used), _state);
    }

    [Theory]
    [InlineData(4, Start + (60 * Second), 4)]
    [InlineData(-4, 0, 0)]
    [InlineData(0, 0, 0)]
    public void Adjust_after_the_period_forgets_what_it_used(long delta, long start, long used)
    {
        QuotaLimit limit = QuotaLimit.From(10, 60);
        Try(limit, Start, 8);

        QuotaMath.Adjust(ref _state, limit, delta, Start + (60 * Second));

        Assert.Equal(new QuotaState(start, used), _state);
    }

    [Fact]
    public void Adjust_to_zero_leaves_all_available_now_but_the_period_running()
    {
        QuotaLimit limit = QuotaLimit.From(10, 60);
        Try(limit, Start, 8);
        QuotaMath.Adjust(ref _state, limit, -8, Start);

        Assert.Equal(new LimitTest(false, 0, 10, 0, 0), Look(limit, Start + Second));
        Assert.Equal(Start + (60 * Second), QuotaMath.PeriodEndUs(limit, _state, Start + Second));
        Assert.Equal(new LimitTest(false, 1, 9, 59 * Second, 0), Try(limit, Start + Second));
    }

    [Fact]
    public void Test_calendar_day_ends_at_midnight_of_its_zone()
    {
        var limit = new QuotaLimit(1, 0, QuotaPeriod.Day, TimeZoneInfo.FindSystemTimeZoneById("America/New_York"));
        long evening = Us("2026-07-01T03:00:00Z");
        long midnight = Us("2026-07-01T04:00:00Z");

        Assert.Equal(new LimitTest(false, 1, 0, 3600 * Second, 0), Try(limit, evening));
        Assert.Equal(new LimitTest(true, 1, 0, 1, 1), Try(limit, midnight - 1));
        Assert.Equal(new LimitTest(false, 1, 0, 24 * 3600 * Second, 0), Try(limit, midnight));
        Assert.Equal(midnight + (24 * 3600 * Second), QuotaMath.PeriodEndUs(limit, _state, midnight));
    }

    [Fact]
    public void Test_period_changed_to_a_calendar_one_counts_only_what_began_within_it()
    {
        var day = new QuotaLimit(10, 0, QuotaPeriod.Day);
        var month = new QuotaLimit(10, 0, QuotaPeriod.Month);
        Try(QuotaLimit.From(10, 3600 * 24 * 30), Us("2026-02-27T10:00:00Z"), 6);

        Assert.Equal(6, Look(month, Us("2026-02-28T10:00:00Z")).Used);
        Assert.Equal(0, Look(day, Us("2026-02-28T10:00:00Z")).Used);
        Assert.Equal(0, Look(month, Us("2026-03-01T00:00:00Z")).Used);
    }

    [Fact]
    public void Test_calendar_quota_in_the_steady_state_allocates_nothing()
    {
        var limit = new QuotaLimit(1_000_000, 0, QuotaPeriod.Month, TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin"));
        Try(limit, Start);

        long now = Start;
        long bytes = Allocations.SteadyStateOf(() => Try(limit, ++now));

        Assert.Equal(0, bytes);
        Assert.Equal(1 + now - Start, _state.Used);
    }

    [Fact]
    public void Test_random_steps_never_admit_more_than_the_quota_in_a_period()
    {
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById("America/Havana");
        QuotaLimit[] limits =
        [
            QuotaLimit.From(20, 777),
            new(20, 0, QuotaPeriod.Hour, zone),
            new(20, 0, QuotaPeriod.Day, zone),
            new(20, 0, QuotaPeriod.Week, zone),
        ];
        foreach (QuotaLimit limit in limits)
        {
            _state = default;
            var random = new Random(5);
            var admitted = new Dictionary<long, long>();
            long now = Us("2026-10-25T00:00:00Z");
            int refusals = 0;
            for (int i = 0; i < 5000; i++)
            {
                now += random.NextInt64(0, limit.NominalUs / 20);
                long cost = random.NextInt64(1, 6);
                LimitTest test = Look(limit, now, cost);
                long end = QuotaMath.PeriodEndUs(limit, _state, now);
                if (test.Refused)
                {
                    refusals++;
                    Assert.Equal(end - now, test.RetryUs);
                    Assert.True(Look(limit, now + test.RetryUs - 1, cost).Refused);
                    Assert.False(Look(limit, now + test.RetryUs, cost).Refused);
                }

                Try(limit, now, cost);
                admitted[end] = admitted.GetValueOrDefault(end) + (test.Refused ? 0 : cost);
                Assert.True(admitted[end] <= limit.Max);
            }

            Assert.True(refusals > 100);
        }
    }

    private static long Us(string moment) => CalendarWindowTests.Us(moment);

    private LimitTest Try(QuotaLimit limit, long nowUs, long cost = 1)
    {
        LimitTest test = QuotaMath.Test(limit, _state, cost, nowUs);
        if (!test.Refused)
        {
            QuotaMath.Spend(limit, ref _state, cost, nowUs);
        }

        return test;
    }

    private LimitTest Look(QuotaLimit limit, long nowUs, long cost = 0) => QuotaMath.Test(limit, _state, cost, nowUs);
}
