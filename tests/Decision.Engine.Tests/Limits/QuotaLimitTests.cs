using Decision.Engine.Limits;

namespace Decision.Engine.Tests.Limits;

public class QuotaLimitTests
{
    private const long Day = 86_400_000_000;

    [Theory]
    [InlineData(0, 0, 0, "max")]
    [InlineData(LimitBounds.MaxQuotaUnits + 1, 0, 0, "max")]
    [InlineData(1, -1, 0, "renewalUs")]
    [InlineData(1, LimitBounds.MaxPeriodUs + 1, 0, "renewalUs")]
    [InlineData(1, 0, 5, "period")]
    public void Constructor_value_out_of_range_throws_with_its_name(long max, long renewal, byte period, string name) =>
        Assert.Throws<ArgumentOutOfRangeException>(name, () => new QuotaLimit(max, renewal, (QuotaPeriod)period));

    [Theory]
    [InlineData(100, 3600, 100, 3_600_000_000)]
    [InlineData(100, 0, 100, 0)]
    [InlineData(100, -1, 100, 0)]
    [InlineData(long.MaxValue, long.MaxValue, LimitBounds.MaxQuotaUnits, LimitBounds.MaxPeriodUs)]
    public void From_settings_gives_bounded_units_and_microseconds(long max, long seconds, long expectedMax, long expectedUs)
    {
        QuotaLimit limit = QuotaLimit.From(max, seconds);

        Assert.Equal((expectedMax, expectedUs), (limit.Max, limit.RenewalUs));
    }

    [Fact]
    public void NominalUs_is_the_length_for_comparing()
    {
        Assert.Equal(5, new QuotaLimit(1, 5).NominalUs);
        Assert.Equal(long.MaxValue, new QuotaLimit(1).NominalUs);
        Assert.Equal(3_600_000_000, new QuotaLimit(1, 5, QuotaPeriod.Hour).NominalUs);
        Assert.Equal(Day, new QuotaLimit(1, 5, QuotaPeriod.Day).NominalUs);
        Assert.Equal(7 * Day, new QuotaLimit(1, 5, QuotaPeriod.Week).NominalUs);
        Assert.Equal(30 * Day, new QuotaLimit(1, 5, QuotaPeriod.Month).NominalUs);
    }

    [Fact]
    public void ComparePermissiveness_orders_by_maximum_then_shorter_period_then_never()
    {
        QuotaLimit[] rising =
        [
            new(10),
            new(10, 31 * Day),
            new(10, 0, QuotaPeriod.Month),
            new(10, 0, QuotaPeriod.Week),
            new(10, 8L * 3_600_000_000),
            new(11),
        ];

        for (int a = 0; a < rising.Length; a++)
        {
            for (int b = 0; b < rising.Length; b++)
            {
                Assert.Equal(a.CompareTo(b), Math.Sign(QuotaLimit.ComparePermissiveness(rising[a], rising[b])));
            }
        }
    }

    [Fact]
    public void Equals_looks_at_the_terms_and_not_at_what_is_remembered()
    {
        TimeZoneInfo berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");
        var asked = new QuotaLimit(10, 0, QuotaPeriod.Day, berlin);
        var fresh = new QuotaLimit(10, 0, QuotaPeriod.Day, berlin);
        QuotaState state = default;
        QuotaMath.Spend(asked, ref state, 1, Counter.Start);

        Assert.Equal(fresh, asked);
        Assert.Equal(fresh.GetHashCode(), asked.GetHashCode());
        Assert.NotEqual(asked, new QuotaLimit(10, 0, QuotaPeriod.Day));
        Assert.NotEqual(asked, new QuotaLimit(11, 0, QuotaPeriod.Day, berlin));
        Assert.NotEqual(asked, new QuotaLimit(10, 0, QuotaPeriod.Week, berlin));
    }
}
