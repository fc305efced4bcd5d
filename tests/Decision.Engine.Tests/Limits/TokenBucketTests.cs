using System.Numerics;
using Decision.Engine.Limits;
using static Decision.Engine.Tests.Limits.Counter;

namespace Decision.Engine.Tests.Limits;

public class TokenBucketTests
{
    [Fact]
    public void Test_full_bucket_gives_the_burst_then_one_per_interval()
    {
        var counter = new Counter(Rate(RateAlgorithm.TokenBucket, 10, 10, burst: 3));

        Assert.Equal(new LimitTest(false, 1, 2, Second, 0), counter.Try(Start));
        Assert.Equal(new LimitTest(false, 3, 0, 3 * Second, 0), counter.Try(Start, 2));
        Assert.Equal(new LimitTest(true, 3, 0, 3 * Second, Second), counter.Try(Start));
        Assert.Equal(new LimitTest(true, 3, 0, (2 * Second) + 1, 1), counter.Try(Start + Second - 1));
        Assert.Equal(new LimitTest(false, 3, 0, 3 * Second, 0), counter.Try(Start + Second));
        Assert.Equal(new LimitTest(false, 0, 3, 0, 0), counter.Look(Start + (4 * Second)));
    }

    [Fact]
    public void Test_interval_that_is_no_whole_number_loses_nothing()
    {
        var counter = new Counter(Rate(RateAlgorithm.TokenBucket, 3, 1));

        Assert.False(counter.Try(Start, 3).Refused);
        Assert.Equal(333_334, counter.Try(Start).RetryUs);
        Assert.False(counter.Try(Start + 333_334).Refused);
        Assert.False(counter.Try(Start + 666_667).Refused);
        Assert.False(counter.Try(Start + 1_000_000).Refused);
        Assert.True(counter.Try(Start + 1_000_000).Refused);
    }

    [Theory]
    [InlineData(4, 3)]
    [InlineData(11, 0)]
    public void Test_cost_above_the_burst_never_passes(long cost, long burst) =>
        Assert.Equal(LimitTest.Never, new Counter(Rate(RateAlgorithm.TokenBucket, 10, 10, burst)).Try(Start, cost).RetryUs);

    [Fact]
    public void Test_clock_going_back_refills_nothing()
    {
        var counter = new Counter(Rate(RateAlgorithm.TokenBucket, 2, 2));
        counter.Try(Start, 2);

        Assert.Equal(Second, counter.Try(Start - (50 * Second)).RetryUs);
    }

    [Fact]
    public void Test_lowered_burst_has_nothing_left_until_the_debt_is_below_it()
    {
        var counter = new Counter(Rate(RateAlgorithm.TokenBucket, 10, 10, burst: 10));
        counter.Try(Start, 10);
        counter.Limit = Rate(RateAlgorithm.TokenBucket, 10, 10, burst: 4);

        Assert.Equal(new LimitTest(true, 10, 0, 10 * Second, 7 * Second), counter.Try(Start));
    }

    [Fact]
    public void Test_changed_rate_counts_the_units_used_not_the_time_ahead()
    {
        var counter = new Counter(Rate(RateAlgorithm.TokenBucket, 10, 60));
        counter.Try(Start, 10);
        counter.Limit = Rate(RateAlgorithm.TokenBucket, 100, 60);

        Assert.Equal(new LimitTest(false, 10, 90, 6 * Second, 0), counter.Look(Start));

        counter.Limit = Rate(RateAlgorithm.TokenBucket, 5, 60);

        Assert.Equal(new LimitTest(true, 10, 0, 120 * Second, 72 * Second), counter.Try(Start));
    }

    [Theory]
    [InlineData(10, 1_000_000, 0, 1)]
    [InlineData(7, 1_000_003, 3, 2)]
    [InlineData(4_294_967_291, 999_983, 1_000_000, 3)]
    [InlineData(3, 7, 50, 4)]
    [InlineData(4_294_967_295, 3_153_600_000_000_000, 4_294_967_295, 5)]
    [InlineData(1000, 1, 5, 6)]
    public void Test_any_interval_stays_within_burst_plus_rate(long max, long periodUs, long burst, int seed)
    {
        var random = new Random(seed);
        var counter = new Counter(new RateLimit(RateAlgorithm.TokenBucket, max, periodUs, burst));
        long capacity = counter.Limit.Capacity;
        var spends = new List<(long At, long Units)>();
        BigInteger level = (BigInteger)capacity * periodUs;
        long last = 0;
        long now = Start;
        for (int i = 0; i < 2000; i++)
        {
            long cost = random.Next(3) == 0 ? random.NextInt64(1, capacity + 1) : random.NextInt64(1, Math.Min(capacity, 3) + 1);
            long refill = (long)Int128.Min(Math.Min(periodUs, 100_000_000_000_000), (Int128)2 * cost * periodUs / max);
            now += random.Next(30) == 0 ? -5 : random.NextInt64(0, refill + 2);
            long at = Math.Max(now, last);

            // The same bucket in exact arithmetic: its level in units x period.
            BigInteger filled = BigInteger.Min((BigInteger)capacity * periodUs, level + ((BigInteger)(at - last) * max));
            LimitTest test = counter.Try(now, cost);

            Assert.Equal(filled < (BigInteger)cost * periodUs, test.Refused);
            if (!test.Refused)
            {
                level = filled - ((BigInteger)cost * periodUs);
                last = at;
                spends.Add((at, cost));
            }
        }

        Assert.True(spends.Count > 100);
        for (int from = 0; from < spends.Count; from += 11)
        {
            BigInteger sum = 0;
            for (int to = from; to < spends.Count; to++)
            {
                sum += spends[to].Units;
                BigInteger allowed = ((BigInteger)capacity * periodUs) + ((BigInteger)max * (spends[to].At - spends[from].At));
                Assert.True(sum * periodUs <= allowed);
            }
        }
    }
}
