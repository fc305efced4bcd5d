using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Charges;

/// <summary>A limit that replicas share.</summary>
public sealed class ChargeShareTests
{
    private static readonly CounterKey Counter = new(new Subject(SubjectKind.Key, "k"), "rate/key");

    [Theory]
    [InlineData(10, 3, 3)]
    [InlineData(10, 10, 1)]
    [InlineData(10, 100_000, 1)]
    [InlineData(10, 1, 10)]
    public void A_share_is_rounded_down_and_at_least_one(long max, int replicas, long expected)
    {
        var rate = new Charge(Counter, new RateLimit(RateAlgorithm.FixedWindow, max, 7_000_000, 0), Reason.RateLimited, "key", Origin.OfKey("rate"));
        var quota = new Charge(Counter, new QuotaLimit(max, 9_000_000), Reason.QuotaExceeded, "key", Origin.OfKey("quota_max"));

        Assert.Equal(new RateLimit(RateAlgorithm.FixedWindow, expected, 7_000_000, 0), rate.ShareOf(replicas).Rate);
        Assert.Equal(new QuotaLimit(expected, 9_000_000), quota.ShareOf(replicas).Quota);
    }

    [Theory]
    [InlineData(30, 10)]
    [InlineData(2, 1)]
    [InlineData(0, 0)]
    public void A_token_bucket_s_burst_is_shared_too(long burst, long expected)
    {
        var charge = new Charge(Counter, new RateLimit(RateAlgorithm.TokenBucket, 12, 1_000_000, burst), Reason.RateLimited, "key", Origin.OfKey("rate"));

        Assert.Equal(new RateLimit(RateAlgorithm.TokenBucket, 4, 1_000_000, expected), charge.ShareOf(3).Rate);
    }

    [Fact]
    public void A_calendar_quota_keeps_its_calendar()
    {
        var zone = TimeZoneInfo.CreateCustomTimeZone("z", TimeSpan.FromHours(2), "z", "z");
        var charge = new Charge(Counter, new QuotaLimit(9, 0, QuotaPeriod.Month, zone), Reason.QuotaExceeded, "key", Origin.OfKey("quota_max"));

        Assert.Equal(new QuotaLimit(3, 0, QuotaPeriod.Month, zone), charge.ShareOf(3).Quota);
    }

    [Fact]
    public void Everything_else_stays_and_it_is_made_once()
    {
        var charge = new Charge(Counter, new QuotaLimit(9), Reason.OrganizationQuotaExceeded, "organization", Origin.OfPolicy("gold", "quota_max"))
        {
            OnStoreFailure = StoreFailureMode.Local,
            Mode = LimitsMode.Leased,
            IsShadow = true,
        };

        var share = charge.ShareOf(3);

        Assert.Equal(
            (charge.Counter, charge.Refusal, charge.Scope, charge.Origin, charge.OnStoreFailure, charge.Mode, charge.IsShadow),
            (share.Counter, share.Refusal, share.Scope, share.Origin, share.OnStoreFailure, share.Mode, share.IsShadow));
        Assert.Same(share, charge.ShareOf(3));
        Assert.Equal(4, charge.ShareOf(2).Max);
        Assert.Throws<ArgumentOutOfRangeException>(() => charge.ShareOf(0));
    }
}
