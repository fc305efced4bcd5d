using Decision.Engine.Limits;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Limits;

public class RateLimitTests
{
    [Theory]
    [InlineData(0.5, 1, 1, 2_000_000)]
    [InlineData(2.5, 0.5, 2, 500_000)]
    [InlineData(10, 60, 10, 60_000_000)]
    [InlineData(0.1, 60, 1, 600_000_000)]
    [InlineData(0.3, 1, 1, 3_333_334)]
    [InlineData(1, 0.57, 1, 570_000)]
    [InlineData(1, 0.0000001, 1, 1)]
    [InlineData(0.9999, 1, 1, 1_000_101)]
    [InlineData(1e300, 1, uint.MaxValue, 1_000_000)]
    [InlineData(1e-300, 1, 1, LimitBounds.MaxPeriodUs)]
    [InlineData(1, 1e300, 1, LimitBounds.MaxPeriodUs)]
    [InlineData(0.5, 1e-300, 1, 1)]
    [InlineData(1e-10, 1e-3, 1, 10_000_000_000_000)]
    public void From_settings_gives_whole_units_and_microseconds(double rate, double per, long max, long periodUs)
    {
        RateLimit limit = RateLimit.From(rate, per, RateAlgorithm.SlidingLog, 0);

        Assert.Equal((max, periodUs), (limit.Max, limit.PeriodUs));
    }

    [Theory]
    [InlineData(0, 1, "rate")]
    [InlineData(-1, 1, "rate")]
    [InlineData(double.NaN, 1, "rate")]
    [InlineData(double.PositiveInfinity, 1, "rate")]
    [InlineData(1, 0, "perSeconds")]
    [InlineData(1, double.NaN, "perSeconds")]
    public void From_number_that_is_no_limit_throws_with_its_name(double rate, double per, string name) =>
        Assert.Throws<ArgumentOutOfRangeException>(name, () => RateLimit.From(rate, per, RateAlgorithm.SlidingLog, 0));

    [Theory]
    [InlineData(9, 1, 1, 0, "algorithm")]
    [InlineData(0, 0, 1, 0, "max")]
    [InlineData(0, 1L << 32, 1, 0, "max")]
    [InlineData(0, 1, 0, 0, "periodUs")]
    [InlineData(0, 1, LimitBounds.MaxPeriodUs + 1, 0, "periodUs")]
    [InlineData(0, 1, 1, -1, "burst")]
    [InlineData(0, 1, 1, 1L << 32, "burst")]
    public void Constructor_value_out_of_range_throws_with_its_name(byte algorithm, long max, long period, long burst, string name) =>
        Assert.Throws<ArgumentOutOfRangeException>(name, () => new RateLimit((RateAlgorithm)algorithm, max, period, burst));

    [Fact]
    public void Capacity_is_the_burst_of_a_bucket_only()
    {
        Assert.Equal(25, new RateLimit(RateAlgorithm.TokenBucket, 10, 1, 25).Capacity);
        Assert.Equal(10, new RateLimit(RateAlgorithm.TokenBucket, 10, 1, 0).Capacity);
        Assert.Equal(10, new RateLimit(RateAlgorithm.FixedWindow, 10, 1, 25).Capacity);
    }

    [Fact]
    public void Capacity_of_a_burst_that_takes_centuries_is_what_142_years_refill() =>
        Assert.Equal(1, new RateLimit(RateAlgorithm.TokenBucket, 1, LimitBounds.MaxPeriodUs, uint.MaxValue).Capacity);

    [Theory]
    [InlineData(10, 60, 5, 60, 1)]
    [InlineData(10, 60, 10, 30, -1)]
    [InlineData(10, 60, 1, 6, 1)]
    [InlineData(1, 6, 10, 60, -1)]
    [InlineData(10, 60, 10, 60, 0)]
    [InlineData(uint.MaxValue, LimitBounds.MaxPeriodUs, uint.MaxValue - 1, LimitBounds.MaxPeriodUs - 1, 1)]
    public void ComparePermissiveness_orders_by_time_per_unit_then_maximum(long maxA, long perA, long maxB, long perB, int expected)
    {
        var a = new RateLimit(RateAlgorithm.SlidingLog, maxA, perA, 0);
        var b = new RateLimit(RateAlgorithm.SlidingLog, maxB, perB, 0);

        Assert.Equal(expected, Math.Sign(RateLimit.ComparePermissiveness(a, b)));
        Assert.Equal(-expected, Math.Sign(RateLimit.ComparePermissiveness(b, a)));
    }

    [Property(MaxTest = 500)]
    public bool From_never_gives_more_than_asked(FsCheck.PositiveInt thousandths, FsCheck.PositiveInt perMillis)
    {
        double rate = thousandths.Get / 1000.0;
        double per = perMillis.Get / 1000.0;
        RateLimit limit = RateLimit.From(rate, per, RateAlgorithm.SlidingLog, 0);

        // Max / period <= rate / per, in whole numbers: thousandths / 1000 units per perMillis x 1000 microseconds.
        return (Int128)limit.Max * 1000 * perMillis.Get * 1000 <= (Int128)thousandths.Get * limit.PeriodUs;
    }
}
