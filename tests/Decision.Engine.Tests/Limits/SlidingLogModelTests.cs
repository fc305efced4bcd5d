using Decision.Engine.Limits;
using static Decision.Engine.Tests.Limits.Counter;

namespace Decision.Engine.Tests.Limits;

/// <summary>The log against a list of everything that it ever admitted.</summary>
public class SlidingLogModelTests
{
    [Theory]
    [InlineData(1, 1_000, 1)]
    [InlineData(5, 1_000, 2)]
    [InlineData(100, 50_000, 3)]
    [InlineData(1024, 2_000, 4)]
    [InlineData(1024, 1_000_000, 5)]
    [InlineData(37, 1, 6)]
    public void Test_up_to_1024_decides_exactly_as_the_full_history(long max, long periodUs, int seed)
    {
        var random = new Random(seed);
        var counter = new Counter(new RateLimit(RateAlgorithm.SlidingLog, max, periodUs, 0));
        var history = new History();
        long now = Start;
        for (int i = 0; i < 6000; i++)
        {
            now += Step(random, periodUs, max);
            long cost = random.Next(5) == 0 ? random.NextInt64(1, max + 1) : 1;
            long used = history.UnitsAfter(history.Now(now) - periodUs);

            LimitTest test = counter.Try(now, cost);

            Assert.Equal(used + cost > max, test.Refused);
            Assert.Equal(test.Refused ? used : used + cost, test.Used);
            if (!test.Refused)
            {
                history.Add(now, cost);
            }
        }
    }

    [Theory]
    [InlineData(1025, 1_000_000, 1)]
    [InlineData(5000, 1_000_000, 2)]
    [InlineData(5000, 700, 3)]
    [InlineData(100_000, 1_048_577, 4)]
    [InlineData(uint.MaxValue, 123_457, 5)]
    public void Test_above_1024_never_admits_more_and_refuses_at_most_a_1024th_early(long max, long periodUs, int seed)
    {
        var random = new Random(seed);
        var counter = new Counter(new RateLimit(RateAlgorithm.SlidingLog, max, periodUs, 0));
        var history = new History();
        long now = Start;
        int refusals = 0;
        for (int i = 0; i < 8000; i++)
        {
            now += Step(random, periodUs, 1000);
            long cost = random.NextInt64(1, (max / 500) + 2);
            LimitTest test = counter.Try(now, cost);
            long at = history.Now(now);
            if (test.Refused)
            {
                refusals++;
                Assert.True(history.UnitsAfter(at - periodUs - (periodUs / 1024) - 1) + cost > max);
            }
            else
            {
                history.Add(now, cost);
                Assert.True(history.UnitsAfter(at - periodUs) <= max);
            }
        }

        Assert.True(refusals > 100, $"{refusals} refusals");
    }

    [Fact]
    public void Test_limit_changing_all_the_time_never_admits_more_than_the_limit_now_in_force()
    {
        for (int seed = 0; seed < 20; seed++)
        {
            var random = new Random(seed);
            var counter = new Counter(new RateLimit(RateAlgorithm.SlidingLog, 500, 1_000_000, 0));
            var history = new History();
            long now = Start;
            long shortest = long.MaxValue;
            for (int i = 0; i < 5000; i++)
            {
                if (random.Next(300) == 0)
                {
                    long max = random.Next(2) == 0 ? random.NextInt64(1, 1025) : random.NextInt64(1025, 4000);
                    counter.Limit = new RateLimit(RateAlgorithm.SlidingLog, max, random.NextInt64(1000, 2_000_000), 0);
                }

                // What an earlier, shorter period has let go is not recorded any more.
                shortest = Math.Min(shortest, counter.Limit.PeriodUs);
                now += random.Next(4) == 0 ? random.NextInt64(0, 2000) : random.NextInt64(0, 20);
                if (!counter.Try(now).Refused)
                {
                    history.Add(now, 1);
                    Assert.True(history.UnitsAfter(now - shortest) <= counter.Limit.Max);
                    Assert.True((counter.State.Log?.Count ?? 1) <= EntryLog.MaxEntries);
                }
            }
        }
    }

    [Fact]
    public void Spend_dense_exact_log_under_a_coarse_limit_is_folded_once_and_counts_all()
    {
        var counter = new Counter(Rate(RateAlgorithm.SlidingLog, 1024, 60));
        for (int i = 0; i < 1024; i++)
        {
            counter.Try(Start + i);
        }

        counter.Limit = Rate(RateAlgorithm.SlidingLog, 1_000_000, 60);
        for (int i = 0; i < 1024; i++)
        {
            counter.Try(Start + Second + (i * 57_000L));
        }

        Assert.Equal(2048, counter.Look(Start + (60 * Second) - 1).Used);
        Assert.True(counter.State.Log!.Count <= EntryLog.MaxEntries);
        Assert.Equal(1024, counter.Look(Start + (60 * Second) + 1023).Used);

        // Half of the later ones are a period old, and have left but for the entry at the edge.
        Assert.InRange(counter.Look(Start + (61 * Second) + (511 * 57_000L)).Used, 512, 514);
    }

    private static long Step(Random random, long periodUs, long max) => random.Next(20) switch
    {
        0 => -random.NextInt64(0, periodUs + 1),
        1 => random.NextInt64(0, periodUs + 1),
        2 or 3 => 0,
        _ => random.NextInt64(0, Math.Max(2, 2 * periodUs / Math.Min(max, 1000))),
    };

    private sealed class History
    {
        private readonly List<(long Stamp, long Units)> _all = [];
        private long _newest;

        public long Now(long now) => Math.Max(now, _newest);

        public void Add(long now, long units)
        {
            _newest = Now(now);
            _all.Add((_newest, units));
        }

        public long UnitsAfter(long horizon)
        {
            long sum = 0;
            for (int i = _all.Count - 1; i >= 0 && _all[i].Stamp > horizon; i--)
            {
                sum += _all[i].Units;
            }

            return sum;
        }
    }
}
