using Decision.Engine.Limits;
using static Decision.Engine.Tests.Limits.Counter;

namespace Decision.Engine.Tests.Limits;

/// <summary>
/// A store's script has IEEE doubles only. These repeat, in doubles, what needs products above 2^53, and must agree to the last digit:
/// they show that it can be done, and how.
/// </summary>
public class RepeatableInDoublesTests
{
    [Fact]
    public void TokenBucket_decides_alike()
    {
        var random = new Random(1);
        int refusals = 0;
        for (int round = 0; round < 300; round++)
        {
            RateLimit limit = AnyBucket(random);
            var counter = new Counter(limit);
            double fullAt = 0;
            double rest = 0;
            double newest = 0;
            long now = Start;
            for (int i = 0; i < 40; i++)
            {
                long cost = random.NextInt64(1, random.Next(2) == 0 ? limit.Capacity + 1 : Math.Min(limit.Capacity, 5) + 1);
                now += random.NextInt64(0, (long)Int128.Min(1_000_000_000_000, ((Int128)cost * limit.PeriodUs / limit.Max) + 2));
                LimitTest test = counter.Try(now, cost);

                double max = limit.Max;
                double at = Math.Max(now, newest);
                (double debt, double debtRest) = fullAt < at ? (0, 0) : (fullAt - at, rest);
                (double more, double moreRest) = MultiplyDivide(limit.PeriodUs, cost, max);
                (double full, double fullRest) = MultiplyDivide(limit.PeriodUs, limit.Capacity, max);
                (double units, double left) = MultiplyDivide(debt, max, limit.PeriodUs);
                double used = units + Math.Ceiling((left + debtRest) / limit.PeriodUs);
                (double wanted, double wantedRest) = Carried(debt + more, debtRest + moreRest, max);
                bool refused = wanted > full || (wanted == full && wantedRest > fullRest);

                Assert.Equal(refused, test.Refused);
                Assert.Equal(refused ? used : used + cost, test.Used);
                if (refused)
                {
                    refusals++;
                    Assert.Equal(wanted - full + (wantedRest > fullRest ? 1 : 0), test.RetryUs);
                    Assert.Equal(debt + (debtRest > 0 ? 1 : 0), test.ResetUs);
                }
                else
                {
                    (fullAt, rest, newest) = (at + wanted, wantedRest, at);
                    Assert.Equal(wanted + (wantedRest > 0 ? 1 : 0), test.ResetUs);
                    Assert.Equal((fullAt, rest), (counter.State.MarkUs, counter.State.Count));
                }
            }
        }

        Assert.True(refusals > 1000, $"{refusals} refusals");
    }

    [Fact]
    public void SlidingWindow_decides_alike()
    {
        var random = new Random(2);
        int refusals = 0;
        for (int round = 0; round < 300; round++)
        {
            RateLimit bucket = AnyBucket(random);
            var limit = new RateLimit(RateAlgorithm.SlidingWindow, bucket.Max, Math.Min(bucket.PeriodUs, 3_000_000_000_000), 0);
            var counter = new Counter(limit);
            long now = Start;
            for (int i = 0; i < 40; i++)
            {
                now += random.NextInt64(0, (limit.PeriodUs / 3) + 2);
                long cost = random.NextInt64(1, limit.Max + 1);
                double period = limit.PeriodUs;
                double start = now - (now % period);
                (double previous, double current) = counter.State.MarkUs == start ? (counter.State.Previous, counter.State.Count)
                    : counter.State.MarkUs == start - period ? (counter.State.Count, 0.0) : (0.0, 0.0);
                (double share, double rest) = MultiplyDivide(start + period - now, previous, period);
                double used = share + (rest > 0 ? 1 : 0) + current;

                LimitTest test = counter.Try(now, cost);

                Assert.Equal(used + cost > limit.Max, test.Refused);
                Assert.Equal(test.Refused ? used : used + cost, test.Used);
                if (test.Refused)
                {
                    refusals++;
                    double free = limit.Max - current - cost;
                    double retry = free >= 0
                        ? start + period - now - MultiplyDivide(period, free, previous).Quotient
                        : start + (2 * period) - now - MultiplyDivide(period, limit.Max - cost, current).Quotient;
                    Assert.Equal(retry, test.RetryUs);
                }
            }
        }

        Assert.True(refusals > 1000, $"{refusals} refusals");
    }

    private static RateLimit AnyBucket(Random random)
    {
        long max = random.NextInt64(1, 1L << random.Next(1, 33));
        long periodUs = Math.Min(random.NextInt64(1, 1L << random.Next(1, 52)), LimitBounds.MaxPeriodUs);
        long burst = random.Next(2) == 0 ? 0 : random.NextInt64(1, 1L << random.Next(1, 33));
        return new RateLimit(RateAlgorithm.TokenBucket, max, periodUs, burst);
    }

    private static (double Whole, double Part) Carried(double whole, double rest, double max) =>
        rest >= max ? (whole + 1, rest - max) : (whole, rest);

    /// <summary>a x b / m and its remainder, b below 2^53, m below 2^52: doubling and adding, so that nothing on the way passes
    /// 2^53.</summary>
    private static (double Quotient, double Remainder) MultiplyDivide(double a, double b, double m)
    {
        double rests = a % m;
        double wholes = (a - rests) / m;
        double quotient = 0;
        double rest = 0;
        for (double bit = Math.Pow(2, 52); bit >= 1; bit /= 2)
        {
            quotient *= 2;
            rest *= 2;
            if (rest >= m)
            {
                rest -= m;
                quotient++;
            }

            if (b >= bit)
            {
                b -= bit;
                quotient += wholes;
                rest += rests;
                if (rest >= m)
                {
                    rest -= m;
                    quotient++;
                }
            }
        }

        Assert.True(quotient < Math.Pow(2, 53));
        return (quotient, rest);
    }
}
