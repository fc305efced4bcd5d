using Decision.Engine.Limits;
using Decision.TestKit;
using static Decision.Engine.Tests.Limits.Counter;

namespace Decision.Engine.Tests.Limits;

/// <summary>What holds for every algorithm, and from one to another.</summary>
public class AnyAlgorithmTests
{
    public static TheoryData<RateAlgorithm, RateAlgorithm> Pairs()
    {
        var pairs = new TheoryData<RateAlgorithm, RateAlgorithm>();
        foreach (RateAlgorithm from in Enum.GetValues<RateAlgorithm>())
        {
            foreach (RateAlgorithm to in Enum.GetValues<RateAlgorithm>())
            {
                pairs.Add(from, to);
            }
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Test_retry_and_reset_are_exact_to_the_microsecond_also_after_a_change(RateAlgorithm before, RateAlgorithm after)
    {
        var random = new Random(((int)before * 10) + (int)after);
        int checks = 0;
        for (int round = 0; round < 150; round++)
        {
            var counter = new Counter(AnyLimit(random, before));
            long now = Spent(counter, random);
            counter.Limit = AnyLimit(random, after);
            for (int i = 0; i < 10; i++)
            {
                now += random.NextInt64(0, counter.Limit.PeriodUs / 2 + 1);
                LimitTest rest = counter.Look(now);
                Assert.Equal(rest.Used > 0, rest.ResetUs > 0);
                if (rest.ResetUs > 0)
                {
                    Assert.True(counter.Look(now + rest.ResetUs - 1).Used > 0);
                    Assert.Equal(0, counter.Look(now + rest.ResetUs).Used);
                    Assert.Equal(now + rest.ResetUs, RateMath.IdleAtUs(counter.Limit, counter.State));
                }

                long wanted = random.NextInt64(1, counter.Limit.Capacity + 1);
                LimitTest refused = counter.Look(now, wanted);
                Assert.Equal(refused.Refused, refused.RetryUs > 0);
                if (refused.Refused)
                {
                    Assert.False(counter.Look(now + refused.RetryUs, wanted).Refused);
                    Assert.True(counter.Look(now + refused.RetryUs - 1, wanted).Refused);
                    checks++;
                }

                counter.Try(now);
            }
        }

        Assert.True(checks > 50, $"{checks} refusals");
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Test_another_algorithm_gives_no_free_burst(RateAlgorithm before, RateAlgorithm after)
    {
        var counter = new Counter(Rate(before, 10, 60));
        counter.Try(Start, 10);
        counter.Limit = Rate(after, 10, 60);

        Assert.Equal(new LimitTest(false, 10, 0, counter.Look(Start).ResetUs, 0), counter.Look(Start));
        Assert.True(counter.Try(Start).Refused);
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Test_another_algorithm_counts_at_least_what_was_in_use_at_the_newest_stamp(RateAlgorithm before, RateAlgorithm after)
    {
        var random = new Random(((int)before * 10) + (int)after);
        for (int round = 0; round < 500; round++)
        {
            long max = random.Next(2) == 0 ? random.NextInt64(1, 50) : random.NextInt64(1025, 5000);
            long periodUs = random.NextInt64(1, 100_000);
            var counter = new Counter(new RateLimit(before, max, periodUs, 0));
            Spent(counter, random);
            long at = counter.State.RecordedUs;
            LimitTest under = counter.Look(at);
            counter.Limit = new RateLimit(after, max, periodUs, 0);

            Assert.True(counter.Look(at).Used >= under.Used);
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Test_changed_period_starts_from_what_is_recorded(RateAlgorithm before, RateAlgorithm after)
    {
        var counter = new Counter(Rate(before, 10, 60));
        counter.Try(Start, 10);
        counter.Limit = Rate(after, 10, 3600);

        // Whichever hour the aligned windows are in, the ten still count one second later.
        Assert.Equal(10, counter.Look(Start + Second).Used);
    }

    [Theory]
    [InlineData(RateAlgorithm.SlidingLog)]
    [InlineData(RateAlgorithm.TokenBucket)]
    [InlineData(RateAlgorithm.FixedWindow)]
    [InlineData(RateAlgorithm.SlidingWindow)]
    public void Test_changed_maximum_applies_at_once_in_both_directions(RateAlgorithm algorithm)
    {
        var counter = new Counter(Rate(algorithm, 10, 60));
        counter.Try(Start, 10);

        counter.Limit = Rate(algorithm, 15, 60);
        Assert.Equal((10, 5), (counter.Look(Start).Used, counter.Look(Start).Remaining));
        Assert.False(counter.Try(Start, 5).Refused);

        counter.Limit = Rate(algorithm, 3, 60);
        LimitTest lowered = counter.Try(Start);
        Assert.Equal((true, 15, 0), (lowered.Refused, lowered.Used, lowered.Remaining));
    }

    [Fact]
    public void IdleAtUs_without_a_limit_is_where_the_recorded_terms_end()
    {
        foreach (RateAlgorithm algorithm in Enum.GetValues<RateAlgorithm>())
        {
            var counter = new Counter(Rate(algorithm, 7, 60));
            counter.Try(Start + 1, 3);
            long idle = RateMath.IdleAtUs(counter.State);

            Assert.True(counter.Look(idle - 1).Used > 0);
            Assert.Equal(0, counter.Look(idle).Used);
        }
    }

    [Theory]
    [InlineData(RateAlgorithm.SlidingLog, 100)]
    [InlineData(RateAlgorithm.SlidingLog, 100_000)]
    [InlineData(RateAlgorithm.TokenBucket, 100)]
    [InlineData(RateAlgorithm.FixedWindow, 100)]
    [InlineData(RateAlgorithm.SlidingWindow, 100)]
    public void Test_and_Spend_in_the_steady_state_allocate_nothing(RateAlgorithm algorithm, long max)
    {
        var counter = new Counter(Rate(algorithm, max, 1));
        long now = Start;
        for (int warm = 0; warm < 5000; warm++)
        {
            counter.Try(now += 500);
        }

        int refused = 0;
        int i = 0;

        long bytes = Allocations.SteadyStateOf(() => refused += counter.Try(now += 500, 1 + (i++ % 3)).Refused ? 1 : 0);

        Assert.Equal(0, bytes);
        Assert.Equal(max == 100, refused > 0);
    }

    [Fact]
    public void Test_under_another_algorithm_allocates_nothing()
    {
        var counter = new Counter(Rate(RateAlgorithm.FixedWindow, 100, 1));
        counter.Try(Start, 50);
        counter.Limit = Rate(RateAlgorithm.SlidingLog, 100, 1);
        counter.Look(Start, 60);

        Assert.Equal(0, Allocations.SteadyStateOf(() => counter.Look(Start + 1, 60)));
    }

    internal static RateLimit AnyLimit(Random random, RateAlgorithm algorithm)
    {
        long max = random.Next(3) switch
        {
            0 => random.NextInt64(1, 10),
            1 => random.NextInt64(10, 1025),
            _ => random.NextInt64(1025, 5000),
        };
        long periodUs = random.Next(3) == 0 ? random.NextInt64(1, 50) : random.NextInt64(1000, 3_000_000);
        return new RateLimit(algorithm, max, periodUs, random.Next(2) == 0 ? 0 : random.NextInt64(1, 2000));
    }

    internal static long Spent(Counter counter, Random random)
    {
        long now = Start + random.NextInt64(0, 1_000_000);
        int spends = random.Next(1, 60);
        for (int i = 0; i < spends; i++)
        {
            now += random.NextInt64(0, (counter.Limit.PeriodUs / 20) + 2);
            counter.Try(now, random.NextInt64(1, Math.Max(2, counter.Limit.Capacity / 8)));
        }

        return now;
    }
}
