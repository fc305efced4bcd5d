using Decision.Engine.Limits;
using static Decision.Engine.Tests.Limits.Counter;

namespace Decision.Engine.Tests.Limits;

public class WindowTests
{
    [Fact]
    public void FixedWindow_begins_at_multiples_of_the_period()
    {
        var counter = new Counter(Rate(RateAlgorithm.FixedWindow, 2, 60));

        Assert.Equal(new LimitTest(false, 1, 1, 10 * Second, 0), counter.Try(Start + (50 * Second)));
        Assert.Equal(new LimitTest(false, 2, 0, 1, 0), counter.Try(Start + (60 * Second) - 1));
        Assert.Equal(new LimitTest(true, 2, 0, 1, 1), counter.Try(Start + (60 * Second) - 1));
        Assert.Equal(new LimitTest(false, 2, 0, 60 * Second, 0), counter.Try(Start + (60 * Second), 2));
        Assert.Equal(new LimitTest(true, 2, 0, 60 * Second, LimitTest.Never), counter.Try(Start + (60 * Second), 3));
    }

    [Fact]
    public void FixedWindow_clock_going_back_stays_in_its_window()
    {
        var counter = new Counter(Rate(RateAlgorithm.FixedWindow, 1, 60));
        counter.Try(Start + (60 * Second));

        Assert.Equal(60 * Second, counter.Try(Start).RetryUs);
    }

    [Fact]
    public void SlidingWindow_counts_the_share_of_the_window_before_rounded_up()
    {
        var counter = new Counter(Rate(RateAlgorithm.SlidingWindow, 10, 60));
        counter.Try(Start, 10);
        long next = Start + (60 * Second);

        Assert.Equal(new LimitTest(true, 10, 0, 60 * Second, 6 * Second), counter.Try(next));
        Assert.Equal(new LimitTest(true, 10, 0, (54 * Second) + 1, 1), counter.Try(next + (6 * Second) - 1));
        Assert.Equal(new LimitTest(false, 10, 0, 114 * Second, 0), counter.Try(next + (6 * Second)));
        Assert.Equal(new LimitTest(false, 6, 4, 90 * Second, 0), counter.Look(next + (30 * Second)));
        Assert.Equal(new LimitTest(false, 0, 10, 0, 0), counter.Look(next + (120 * Second)));
    }

    [Fact]
    public void SlidingWindow_retry_may_lie_in_the_next_window()
    {
        var counter = new Counter(Rate(RateAlgorithm.SlidingWindow, 10, 60));
        counter.Try(Start, 8);

        // 5 fit once 8 have faded to 5: with 37.5 of the next window's 60 seconds still reaching back.
        Assert.Equal(60 * Second + 22_500_000, counter.Try(Start, 5).RetryUs);
        Assert.Equal(120 * Second, counter.Try(Start, 10).RetryUs);
        Assert.Equal(LimitTest.Never, counter.Try(Start, 11).RetryUs);
    }

    [Theory]
    [InlineData(RateAlgorithm.FixedWindow, 10, 1000, 1)]
    [InlineData(RateAlgorithm.FixedWindow, 4_000_000_000, 999, 2)]
    [InlineData(RateAlgorithm.SlidingWindow, 10, 1000, 3)]
    [InlineData(RateAlgorithm.SlidingWindow, 4_000_000_000, 999, 4)]
    [InlineData(RateAlgorithm.SlidingWindow, 1, 7, 5)]
    [InlineData(RateAlgorithm.SlidingWindow, 3, 1, 6)]
    public void Test_thousands_of_steps_keep_the_promise(RateAlgorithm algorithm, long max, long periodUs, int seed)
    {
        var random = new Random(seed);
        var counter = new Counter(new RateLimit(algorithm, max, periodUs, 0));
        var spends = new List<(long At, long Units)>();
        long now = Start;
        for (int i = 0; i < 8000; i++)
        {
            now += random.Next(8) == 0 ? random.NextInt64(0, 2 * periodUs) : random.NextInt64(0, (periodUs / 10) + 1);
            long cost = random.Next(3) == 0 ? random.NextInt64(1, max + 1) : 1;
            if (!counter.Try(now, cost).Refused)
            {
                spends.Add((now, cost));
                long start = now - (now % periodUs);
                Assert.True(UnitsSince(spends, start) <= max);
                if (algorithm == RateAlgorithm.SlidingWindow)
                {
                    Assert.True(UnitsSince(spends, now - periodUs + 1) < 2 * max);
                }
            }
        }

        Assert.InRange(spends.Count, 100, 8000);
    }

    private static long UnitsSince(List<(long At, long Units)> spends, long from)
    {
        long sum = 0;
        for (int i = spends.Count - 1; i >= 0 && spends[i].At >= from; i--)
        {
            sum += spends[i].Units;
        }

        return sum;
    }
}
