using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Trimming;
using Decision.TestKit;
using Decision.TestKit.Redis;
using static Decision.Storage.Redis.Tests.Trimming.TrimmedStore;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests.Trimming;

/// <summary>Which counters leave, when, and with what.</summary>
public class CounterTrimTests(SharedRedis shared)
{
    private static readonly long RateRestUs = (long)CounterTrim.RateRest.TotalMicroseconds;
    private static readonly long QuotaRestUs = (long)CounterTrim.QuotaRest.TotalMicroseconds;

    [Theory]
    [InlineData(RateAlgorithm.SlidingLog)]
    [InlineData(RateAlgorithm.TokenBucket)]
    [InlineData(RateAlgorithm.FixedWindow)]
    [InlineData(RateAlgorithm.SlidingWindow)]
    public async Task A_rate_leaves_when_it_has_not_counted_for_two_days(RateAlgorithm algorithm)
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Charge rate = Rate(Key("k"), "rate", 10, 60, algorithm);
        RateState engine = default;
        RateMath.Spend(rate.Rate!, ref engine, 7, store.Time.NowUs);
        await store.SpendAsync(rate, 7);
        long idleAtUs = RateMath.IdleAtUs(engine);

        store.Time.NowUs = idleAtUs + RateRestUs - 1;
        Assert.Equal(default, await store.SweepAsync());
        Assert.Contains("c/rate", await store.FieldsAsync(Key("k")));

        // The store lets a bucket count up to a microsecond longer.
        store.Time.NowUs = idleAtUs + RateRestUs + 1;
        Assert.Equal(new TrimReport(1, 0), await store.SweepAsync());
        Assert.Empty(await store.FieldsAsync(Key("k")));
        Assert.Equal(default, await store.SweepAsync());
    }

    [Fact]
    public async Task Leases_that_nobody_told_of_leave_with_their_counters()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Subject shop = new(SubjectKind.Organization, "shop");
        Charge rate = Rate(shop, "rate", 100, 60);
        await store.SpendAsync(rate, 7);
        await store.Get<ILeaseStore>().LeaseAsync([new LeaseOrder(rate, 1, 1, 0, default, 0, 5, TimeSpan.FromSeconds(1))], CancellationToken.None);

        store.Time.NowUs += SecondUs + RateRestUs;
        Assert.Equal(default, await store.SweepAsync());
        Assert.Contains("l", await store.FieldsAsync(shop));

        // A window of another algorithm would count for two periods after the end.
        store.Time.NowUs += 2 * 60 * SecondUs;
        Assert.Equal(new TrimReport(1, 0), await store.SweepAsync());
        Assert.Empty(await store.FieldsAsync(shop));
    }

    [Theory]
    [InlineData(30 * 86_400)]
    [InlineData(0)]
    public async Task Leases_of_a_quota_that_nobody_told_of_count_until_its_period_ends(long seconds)
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Subject shop = new(SubjectKind.Organization, "shop");
        Charge quota = Quota(shop, "quota", 100, seconds);
        await store.SpendAsync(quota, 7);
        await store.Get<ILeaseStore>().LeaseAsync([new LeaseOrder(quota, 1, 1, 0, default, 0, 5, TimeSpan.FromSeconds(1))], CancellationToken.None);

        store.Time.NowUs += 20 * DayUs;
        Assert.Equal(default, await store.SweepAsync());

        Assert.Equal(12, Assert.Single(await store.Counters.ReadAsync([quota], CancellationToken.None)).Used);
        await store.SpendAsync(quota);
        Assert.Equal(13, Assert.Single(await store.Counters.ReadAsync([quota], CancellationToken.None)).Used);
    }

    [Theory]
    [InlineData(QuotaPeriod.Rolling, 3600)]
    [InlineData(QuotaPeriod.Day, 86_400)]
    public async Task A_quota_leaves_when_its_period_ended_32_days_ago(QuotaPeriod period, long seconds)
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        long endUs = store.Time.NowUs + (seconds * SecondUs);
        Charge quota = new(new CounterKey(Key("k"), "quota"), new QuotaLimit(10, 3600 * SecondUs, period), Reason.QuotaExceeded, "key", Origin.OfKey("quota_max"));
        await store.SpendAsync(quota);

        store.Time.NowUs = endUs + QuotaRestUs - 1;
        Assert.Equal(default, await store.SweepAsync());
        Assert.Contains("c/quota", await store.FieldsAsync(Key("k")));

        store.Time.NowUs++;
        Assert.Equal(new TrimReport(1, 0), await store.SweepAsync());
        Assert.Empty(await store.FieldsAsync(Key("k")));
    }

    [Fact]
    public async Task A_quota_that_never_renews_stays()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Charge life = Quota(Key("k"), "quota", 3, 0);
        await store.SpendAsync(life, 3);

        store.Time.NowUs += 50 * 365 * DayUs;

        Assert.Equal(default, await store.SweepAsync());
        Assert.True((await store.SpendAsync(life)).Outcomes[0].Refused);
    }

    [Fact]
    public async Task A_key_keeps_its_record_and_what_still_counts_and_loses_a_log_with_all_its_parts()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Assert.True(await store.Get<IKeyStore>().CreateAsync(KeyStoreContract.Record("k1", 7), CancellationToken.None));
        await store.SpendAsync(Quota(Key("k1"), "quota", 5, 90 * 86_400));
        Charge log = Rate(Key("k1"), "rate", 1_000);
        for (int i = 0; i < 300; i++)
        {
            store.Time.NowUs += 1_000;
            await store.SpendAsync(log);
        }

        Assert.Contains("e/8/rate", await store.FieldsAsync(Key("k1")));
        store.Time.NowUs += RateRestUs + (60 * SecondUs);

        Assert.Equal(new TrimReport(1, 0), await store.SweepAsync());

        Assert.Equal(["c/quota", "r", "v"], await store.FieldsAsync(Key("k1")));
        Assert.NotNull(await store.Get<IKeyStore>().FindAsync("k1", CancellationToken.None));
        Assert.Equal(1, (await store.SpendAsync(log)).Outcomes[0].Used);
    }

    [Fact]
    public async Task A_subject_with_hundreds_of_counters_loses_them_all()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Subject subject = new(SubjectKind.Organization, "o");
        for (int i = 0; i < 700; i++)
        {
            await store.SpendAsync(Rate(subject, "rate/" + i, 10, 1));
        }

        store.Time.NowUs += RateRestUs;
        await store.SpendAsync(Rate(subject, "rate/in use", 10, 1));
        store.Time.NowUs += SecondUs;

        Assert.Equal(new TrimReport(700, 0), await store.SweepAsync());
        Assert.Equal(["c/rate/in use", "s", "x"], await store.FieldsAsync(subject));
    }

    [Fact]
    public async Task A_rate_that_was_lengthened_up_to_a_day_and_refuses_since_is_not_forgotten()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        foreach (RateAlgorithm algorithm in Enum.GetValues<RateAlgorithm>())
        {
            await store.SpendAsync(Rate(Key("k"), "rate/" + algorithm, 10, 1, algorithm), 10);
        }

        store.Time.NowUs += (23 * 3600 * SecondUs) + (1800 * SecondUs);

        Assert.Equal(default, await store.SweepAsync());

        // The windows of a day begin at midnight, as the spending did; a bucket has refilled one of its ten.
        Assert.True((await store.SpendAsync(Rate(Key("k"), "rate/SlidingLog", 10, 86_400))).Outcomes[0].Refused);
        Assert.True((await store.SpendAsync(Rate(Key("k"), "rate/FixedWindow", 10, 86_400, RateAlgorithm.FixedWindow))).Outcomes[0].Refused);
        Assert.True((await store.SpendAsync(Rate(Key("k"), "rate/SlidingWindow", 10, 86_400, RateAlgorithm.SlidingWindow))).Outcomes[0].Refused);
        Assert.Equal(1, (await store.Counters.ReadAsync([Rate(Key("k"), "rate/TokenBucket", 10, 86_400, RateAlgorithm.TokenBucket)], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task A_quota_that_was_lengthened_up_to_a_month_and_refuses_since_is_not_forgotten()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        await store.SpendAsync(Quota(Key("k"), "quota", 10, 3600), 10);
        Charge month = Quota(Key("k"), "quota", 10, 31 * 86_400);

        store.Time.NowUs += (31 * DayUs) - 1;
        Assert.Equal(default, await store.SweepAsync());
        Assert.True((await store.SpendAsync(month)).Outcomes[0].Refused);

        store.Time.NowUs++;
        Assert.Equal(1, (await store.SpendAsync(month)).Outcomes[0].Used);
    }

    [Fact]
    public async Task A_shared_subject_stays_for_as_long_as_before()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Subject subject = new(SubjectKind.Api, "a");
        await store.SpendAsync(Rate(subject, "rate", 10, 1));
        await store.SpendAsync(Quota(subject, "quota", 10, 90 * 86_400));
        var before = await KeptAsync(store, subject);
        store.Time.NowUs += RateRestUs + SecondUs;

        Assert.Equal(new TrimReport(1, 0), await store.SweepAsync());

        Assert.Equal(["c/quota", "s", "x"], await store.FieldsAsync(subject));
        Assert.Equal(before, await KeptAsync(store, subject));
        Assert.NotEqual("-1", before.At);
    }

    [Fact]
    public async Task A_shared_subject_that_is_kept_for_nothing_leaves()
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Subject subject = Subject.ForPattern("o", "p");
        Charge quota = Quota(subject, "quota", 10);
        await store.Counters.AdjustAsync(quota, -1, CancellationToken.None);
        Assert.Equal("-1", (await KeptAsync(store, subject)).At);

        Assert.Equal(new TrimReport(1, 0), await store.SweepAsync());

        Assert.False(await store.Database.KeyExistsAsync(store.NameOf(subject)));
        Assert.Equal(1, (await store.SpendAsync(quota)).Outcomes[0].Used);
        Assert.NotEqual("-1", (await KeptAsync(store, subject)).At);
    }

    [Fact]
    public async Task Nothing_is_lost_that_is_spent_while_a_sweep_runs()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using TrimmedStore store = await OpenAsync(redis.Address);
        Charge[] rates = [.. Enumerable.Range(0, 100).Select(i => Rate(Key("k" + i), "rate", 50, 60, (RateAlgorithm)(i % 4)))];
        long trimmed = 0;
        for (int round = 0; round < 10; round++)
        {
            // One after the other: the sweep overtakes some.
            Task<TrimReport> sweep = store.SweepAsync();
            foreach (Charge rate in rates)
            {
                await store.SpendAsync(rate, 20);
            }

            trimmed += (await sweep).Trimmed;
            foreach (Charge rate in rates)
            {
                Assert.Equal(20, (await store.Counters.ReadAsync([rate], CancellationToken.None))[0].Used);
            }

            store.Time.NowUs += 3 * DayUs;
        }

        Assert.InRange(trimmed, 1, 900);
    }

    private static async Task<(string Field, string At)> KeptAsync(TrimmedStore store, Subject subject) => (
        Convert.ToHexString((byte[])(await store.Database.HashGetAsync(store.NameOf(subject), "x"))!),
        (await store.Database.ExecuteAsync("PEXPIRETIME", store.NameOf(subject))).ToString());
}
