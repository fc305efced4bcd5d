using Decision.Engine.Limits;
using Decision.TestKit;
using static Decision.Engine.Tests.Limits.Counter;

namespace Decision.Engine.Tests.Limits;

public class SlidingLogTests
{
    private static Counter Of(long max, long seconds) => new(Rate(RateAlgorithm.SlidingLog, max, seconds));

    [Fact]
    public void Test_one_per_minute_refuses_the_second_until_exactly_a_minute_later()
    {
        Counter counter = Of(1, 60);

        Assert.Equal(new LimitTest(false, 1, 0, 60 * Second, 0), counter.Try(Start));
        Assert.Equal(new LimitTest(true, 1, 0, 59 * Second, 59 * Second), counter.Try(Start + Second));
        Assert.Equal(new LimitTest(true, 1, 0, 1, 1), counter.Try(Start + (60 * Second) - 1));
        Assert.False(counter.Try(Start + (60 * Second)).Refused);
    }

    [Fact]
    public void Test_two_per_minute_third_is_refused_until_the_first_is_a_minute_old()
    {
        Counter counter = Of(2, 60);

        Assert.Equal(new LimitTest(false, 1, 1, 60 * Second, 0), counter.Try(Start));
        Assert.Equal(new LimitTest(false, 2, 0, 60 * Second, 0), counter.Try(Start + (2 * Second)));
        Assert.Equal(new LimitTest(true, 2, 0, 59 * Second, 57 * Second), counter.Try(Start + (3 * Second)));
    }

    [Fact]
    public void Test_half_per_second_is_one_per_two_seconds()
    {
        var counter = new Counter(RateLimit.From(0.5, 1, RateAlgorithm.SlidingLog, 0));

        Assert.False(counter.Try(Start).Refused);
        Assert.Equal(1, counter.Try(Start + (2 * Second) - 1).RetryUs);
        Assert.False(counter.Try(Start + (2 * Second)).Refused);
    }

    [Fact]
    public void Test_cost_counts_as_that_many_units()
    {
        Counter counter = Of(10, 10);
        counter.Try(Start, 4);
        counter.Try(Start + Second, 4);

        Assert.Equal(new LimitTest(true, 8, 2, 9 * Second, 8 * Second), counter.Try(Start + (2 * Second), 6));
        Assert.Equal(new LimitTest(true, 8, 2, 9 * Second, 9 * Second), counter.Try(Start + (2 * Second), 10));
        Assert.Equal(new LimitTest(false, 10, 0, 10 * Second, 0), counter.Try(Start + (2 * Second), 2));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(long.MaxValue)]
    public void Test_cost_above_the_whole_limit_never_passes(long cost) =>
        Assert.Equal(new LimitTest(true, 0, 10, 0, LimitTest.Never), Of(10, 10).Try(Start, cost));

    [Fact]
    public void Test_cost_zero_tells_the_numbers_as_they_are()
    {
        Counter counter = Of(3, 10);
        counter.Try(Start, 3);

        Assert.Equal(new LimitTest(false, 3, 0, 9 * Second, 0), counter.Look(Start + Second));
        Assert.Equal(new LimitTest(false, 0, 3, 0, 0), counter.Look(Start + (10 * Second)));
    }

    [Fact]
    public void Test_clock_going_back_stands_still_at_the_newest_stamp()
    {
        Counter counter = Of(2, 60);
        counter.Try(Start);
        counter.Try(Start - (1000 * Second));

        Assert.Equal(new LimitTest(true, 2, 0, 60 * Second, 60 * Second), counter.Try(Start - (1000 * Second)));
        Assert.False(counter.Try(Start + (60 * Second)).Refused);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    public void Test_moment_out_of_range_counts_as_the_nearest_one(long now)
    {
        foreach (RateAlgorithm algorithm in Enum.GetValues<RateAlgorithm>())
        {
            var counter = new Counter(Rate(algorithm, 1, 60));

            Assert.False(counter.Try(now).Refused);
            Assert.True(counter.Try(now).Refused);
        }
    }

    [Fact]
    public void Test_negative_cost_throws()
    {
        Counter counter = Of(1, 1);

        Assert.Throws<ArgumentOutOfRangeException>("cost", () => counter.Look(Start, -1));
        Assert.Throws<ArgumentOutOfRangeException>("cost", () => RateMath.Spend(counter.Limit, ref counter.State, -1, Start));
    }

    [Fact]
    public void Spend_of_zero_records_nothing()
    {
        Counter counter = Of(1, 1);

        RateMath.Spend(counter.Limit, ref counter.State, 0, Start);

        Assert.True(counter.State.IsEmpty);
        Assert.Equal(0, RateMath.IdleAtUs(counter.State));
    }

    [Fact]
    public void Spend_of_what_was_refused_is_recorded_and_stays_within_bounds()
    {
        foreach (RateAlgorithm algorithm in Enum.GetValues<RateAlgorithm>())
        {
            var counter = new Counter(Rate(algorithm, 3, 60));
            for (int i = 0; i < 5000; i++)
            {
                RateMath.Spend(counter.Limit, ref counter.State, i % 2 == 0 ? 1 : long.MaxValue, Start + i);
            }

            LimitTest test = counter.Look(Start + 5000, 1);
            Assert.True(test.Refused);
            Assert.True(test.Used > 3);
            Assert.Equal(0, test.Remaining);
            Assert.True((counter.State.Log?.Count ?? 0) <= EntryLog.MaxEntries);
            Assert.True(LimitStateFormat.TryRead(counter.Bytes(), out RateState _));
        }
    }

    [Fact]
    public void Spend_above_1024_joins_within_a_1024th_of_the_entrys_first_stamp()
    {
        var counter = new Counter(new RateLimit(RateAlgorithm.SlidingLog, 2000, 1024 * 1000, 0));
        counter.Try(Start, 1000);
        counter.Try(Start + 999, 1000);

        // Both count until the newer one is a period old, one period/1024 late for the first at most.
        Assert.Equal(1024 * 1000, counter.Look(Start + 999, 1).RetryUs);
        Assert.Equal(1, counter.Look(Start + 998 + (1024 * 1000), 1).RetryUs);
        Assert.Equal(2000, counter.Try(Start + 999 + (1024 * 1000), 2000).Used);
    }

    [Fact]
    public void Spend_above_1024_begins_an_entry_at_exactly_a_1024th()
    {
        var counter = new Counter(new RateLimit(RateAlgorithm.SlidingLog, 2000, 1024 * 1000, 0));
        counter.Try(Start, 1000);
        counter.Try(Start + 1000, 1000);

        Assert.Equal(1024 * 1000 - 1000, counter.Look(Start + 1000, 1).RetryUs);
    }

    [Theory]
    [InlineData(1, 1000, 1)]
    [InlineData(100, 1000, 128)]
    [InlineData(1024, 10_000, 1024)]
    [InlineData(uint.MaxValue, 3, EntryLog.MaxEntries)]
    [InlineData(uint.MaxValue, 1023, EntryLog.MaxEntries)]
    [InlineData(uint.MaxValue, 1025, EntryLog.MaxEntries)]
    [InlineData(uint.MaxValue, 60_000_000, EntryLog.MaxEntries)]
    public void Spend_any_rate_keeps_the_log_below_16_KiB(long max, long periodUs, int capacity)
    {
        var counter = new Counter(new RateLimit(RateAlgorithm.SlidingLog, max, periodUs, 0));
        var random = new Random(7);
        long now = Start;
        for (int i = 0; i < 20_000; i++)
        {
            now += random.NextInt64(0, Math.Max(2, periodUs / 900));
            counter.Try(now);
        }

        int used = counter.State.Log?.Capacity ?? 0;
        Assert.True(used <= capacity, $"{used} entries");
        Assert.True(Allocations.BytesOf(() => GC.KeepAlive(new EntryLog(EntryLog.MaxEntries))) <= 16 * 1024);
    }

    [Fact]
    public void Spend_at_the_closest_spacing_reaches_1025_entries_and_no_more()
    {
        var counter = new Counter(new RateLimit(RateAlgorithm.SlidingLog, uint.MaxValue, 1024 * 1000, 0));
        int most = 0;
        for (int i = 0; i < 5000; i++)
        {
            counter.Try(Start + (i * 1000L));
            most = Math.Max(most, counter.State.Log?.Count ?? 0);
            counter.Try(Start + (i * 1000L) + 999);
        }

        Assert.Equal(EntryLog.MaxEntries, most);
        Assert.Equal(EntryLog.MaxEntries, counter.State.Log!.Capacity);
        Assert.Equal(2048, counter.Look(Start + 4_999_999).Used);
    }
}
