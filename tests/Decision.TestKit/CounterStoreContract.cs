using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Time.Testing;
using static Decision.TestKit.TestCharges;

namespace Decision.TestKit;

/// <summary>What every store of counters must do. Derive, give a fresh store whose clock follows <see cref="Time"/>, and all of it runs.</summary>
public abstract partial class CounterStoreContract : IAsyncLifetime
{
    private ICounterStore? _store;

    /// <summary>The store's clock; it stands still unless a test moves it.</summary>
    protected FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));

    /// <summary>The store of this test.</summary>
    protected ICounterStore Store => _store!;

    /// <summary>A key's subject, another one for each test.</summary>
    protected Subject Subject { get; } = Key(Guid.NewGuid().ToString("N"));

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<ICounterStore> OpenAsync();

    protected abstract ValueTask CloseAsync();

    /// <summary>Called between the steps of the model test: what the store does in the background may happen here.</summary>
    protected virtual ValueTask BetweenStepsAsync(int step) => default;

    protected async Task<SpendResult> SpendAsync(Spending spending) => await Store.SpendAsync(spending, CancellationToken.None);

    protected async Task<bool> AdmitsAsync(params Charge[] charges)
    {
        SpendResult result = await SpendAsync(Spend(charges));
        Assert.Equal(SpendStatus.Done, result.Status);
        return !Enumerable.Range(0, charges.Length).Any(i => result.Outcomes[i].Refused && !charges[i].IsShadow);
    }

    protected async Task<long> UsedAsync(Charge charge) => (await Store.ReadAsync([charge], CancellationToken.None))[0].Used;

    [Fact]
    public async Task SpendAsync_of_a_fitting_cost_counts_it_on_every_charge()
    {
        Charge rate = Rate(Subject, "rate", 10);
        Charge quota = Quota(Subject, "quota", 100);

        SpendResult result = await SpendAsync(new Spending { Charges = List(rate, quota), Cost = 3 });

        Assert.Equal(SpendStatus.Done, result.Status);
        Assert.False(result.IsReplay);
        Assert.Equal(new LimitTest(false, 3, 7, 60_000_000, 0), result.Outcomes[0]);
        Assert.Equal(new LimitTest(false, 3, 97, 3_600_000_000, 0), result.Outcomes[1]);
        Assert.Equal(3, await UsedAsync(rate));
        Assert.Equal(3, await UsedAsync(quota));
    }

    [Fact]
    public async Task SpendAsync_without_charges_is_done()
    {
        SpendResult result = await SpendAsync(Spend());

        Assert.Equal(SpendStatus.Done, result.Status);
    }

    [Fact]
    public async Task SpendAsync_where_one_charge_refuses_spends_nothing_anywhere()
    {
        Charge wide = Rate(new Subject(SubjectKind.Organization, Subject.Id), "rate", 10);
        Charge narrow = Quota(Subject, "quota", 1);
        Assert.True(await AdmitsAsync(wide, narrow));

        SpendResult refused = await SpendAsync(Spend(wide, narrow));

        Assert.Equal(new LimitTest(false, 1, 9, 60_000_000, 0), refused.Outcomes[0]);
        Assert.Equal(new LimitTest(true, 1, 0, 3_600_000_000, 3_600_000_000), refused.Outcomes[1]);
        Assert.Equal(1, await UsedAsync(wide));
        Assert.Equal(1, await UsedAsync(narrow));
    }

    [Fact]
    public async Task SpendAsync_of_a_cost_above_the_whole_limit_is_refused_for_ever()
    {
        SpendResult result = await SpendAsync(new Spending { Charges = List(Rate(Subject, "rate", 5)), Cost = 6 });

        Assert.True(result.Outcomes[0].Refused);
        Assert.Equal(-1, result.Outcomes[0].RetryUs);
    }

    [Fact]
    public async Task SpendAsync_as_peek_says_what_would_be_and_spends_nothing()
    {
        Charge rate = Rate(Subject, "rate", 2);
        Assert.True(await AdmitsAsync(rate));

        SpendResult fits = await SpendAsync(Spend(rate) with { IsPeek = true });
        SpendResult tooMuch = await SpendAsync(Spend(rate) with { IsPeek = true, Cost = 2 });

        Assert.Equal(new LimitTest(false, 1, 1, 60_000_000, 0), fits.Outcomes[0]);
        Assert.Equal(new LimitTest(true, 1, 1, 60_000_000, 60_000_000), tooMuch.Outcomes[0]);
        Assert.Equal(1, await UsedAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_with_a_refusing_shadow_spends_the_enforced_and_no_shadow()
    {
        Charge enforced = Rate(Subject, "rate", 10);
        Charge tight = Rate(Subject, "tight", 1, shadow: true);
        Charge loose = Quota(Subject, "loose", 10, shadow: true);
        Assert.True(await AdmitsAsync(enforced, tight, loose));

        SpendResult result = await SpendAsync(Spend(enforced, tight, loose));

        Assert.False(result.Outcomes[0].Refused);
        Assert.True(result.Outcomes[1].Refused);
        Assert.False(result.Outcomes[2].Refused);
        Assert.Equal(
            [2L, 1, 1],
            (await Store.ReadAsync([enforced, tight, loose], CancellationToken.None)).Select(reading => reading.Used));
    }

    [Fact]
    public async Task SpendAsync_with_a_refusing_enforced_charge_spends_no_shadow()
    {
        Charge enforced = Rate(Subject, "rate", 1);
        Charge shadow = Quota(Subject, "shadow", 10, shadow: true);
        Assert.True(await AdmitsAsync(enforced, shadow));

        Assert.False(await AdmitsAsync(enforced, shadow));

        Assert.Equal(1, await UsedAsync(shadow));
    }

    [Fact]
    public async Task SpendAsync_after_the_window_has_passed_fits_again()
    {
        Charge rate = Rate(Subject, "rate", 1, seconds: 10);
        Assert.True(await AdmitsAsync(rate));
        Time.Advance(TimeSpan.FromSeconds(10) - TimeSpan.FromMicroseconds(1));
        Assert.False(await AdmitsAsync(rate));

        Time.Advance(TimeSpan.FromMicroseconds(1));

        Assert.True(await AdmitsAsync(rate));
    }

    [Fact]
    public async Task SpendAsync_under_a_changed_limit_counts_what_was_used_before()
    {
        Assert.True(await AdmitsAsync(Quota(Subject, "quota", 2)));
        Assert.True(await AdmitsAsync(Quota(Subject, "quota", 2)));
        Assert.False(await AdmitsAsync(Quota(Subject, "quota", 1)));
        Assert.False(await AdmitsAsync(Quota(Subject, "quota", 2)));

        Assert.True(await AdmitsAsync(Quota(Subject, "quota", 3)));
    }

    [Fact]
    public async Task SpendAsync_counts_the_same_name_apart_for_each_subject()
    {
        Charge[] charges =
        [
            Rate(Subject, "rate", 1),
            Rate(new Subject(SubjectKind.Organization, Subject.Id), "rate", 1),
            Rate(new Subject(SubjectKind.Api, Subject.Id), "rate", 1),
            Rate(Subject.ForPattern(Subject.Id, "x"), "rate", 1),
            Rate(Subject.ForPattern(Subject.Id, "y"), "rate", 1),
        ];

        foreach (Charge charge in charges)
        {
            Assert.True(await AdmitsAsync(charge));
        }
    }

    [Fact]
    public async Task SpendAsync_of_two_charges_on_one_counter_is_rejected()
    {
        Spending spending = Spend(Rate(Subject, "rate", 5), Rate(Subject, "rate", 5, shadow: true));

        await Assert.ThrowsAsync<ArgumentException>(async () => await SpendAsync(spending));

        Assert.Equal(0, await UsedAsync(Rate(Subject, "rate", 5)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public async Task SpendAsync_of_a_cost_below_one_is_rejected(long cost)
    {
        Spending spending = new() { Charges = List(Rate(Subject, "rate", 5)), Cost = cost };

        await Assert.ThrowsAsync<ArgumentException>(async () => await SpendAsync(spending));
    }

    [Fact]
    public async Task ReadAsync_of_an_unused_counter_is_empty()
    {
        Charge rate = Rate(Subject, "rate", 5);
        Charge quota = Quota(Subject, "quota", 7);

        IReadOnlyList<CounterReading> readings = await Store.ReadAsync([rate, quota], CancellationToken.None);

        Assert.Equal([new CounterReading(rate, 0, 5, 0, 0, 0), new CounterReading(quota, 0, 7, 0, 0, 0)], readings);
    }

    [Fact]
    public async Task ReadAsync_tells_the_running_period_of_a_quota()
    {
        Charge quota = Quota(Subject, "quota", 7, seconds: 100);
        long startUs = NowUs;
        Assert.True(await AdmitsAsync(quota));
        Time.Advance(TimeSpan.FromSeconds(40));

        CounterReading running = (await Store.ReadAsync([quota], CancellationToken.None))[0];
        Time.Advance(TimeSpan.FromSeconds(60));
        CounterReading over = (await Store.ReadAsync([quota], CancellationToken.None))[0];

        Assert.Equal(new CounterReading(quota, 1, 6, 60_000_000, startUs, startUs + 100_000_000), running);
        Assert.Equal(new CounterReading(quota, 0, 7, 0, 0, 0), over);
    }

    [Fact]
    public async Task ReadAsync_of_a_quota_that_never_renews_has_a_start_and_no_end()
    {
        Charge quota = Quota(Subject, "quota", 7, seconds: 0);
        Assert.True(await AdmitsAsync(quota));

        Assert.Equal(
            new CounterReading(quota, 1, 6, -1, NowUs, 0), (await Store.ReadAsync([quota], CancellationToken.None))[0]);
    }

    [Fact]
    public async Task ReadAsync_tells_the_end_of_a_calendar_month()
    {
        Charge quota = MonthlyQuota(Subject, "quota", 7);
        long startUs = NowUs;
        Assert.True(await AdmitsAsync(quota));
        Time.Advance(TimeSpan.FromDays(2));

        CounterReading reading = (await Store.ReadAsync([quota], CancellationToken.None))[0];

        Assert.Equal(startUs, reading.PeriodStartUs);
        Assert.Equal(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1000, reading.PeriodEndUs);
    }

    [Fact]
    public async Task ResetAsync_clears_and_tells_what_was_there()
    {
        Charge rate = Rate(Subject, "rate", 1);
        Charge quota = Quota(Subject, "quota", 1);
        Charge other = Quota(Subject, "other", 9);
        Assert.True(await AdmitsAsync(rate, quota, other));

        IReadOnlyList<CounterReading> before = await Store.ResetAsync([rate, quota], CancellationToken.None);

        Assert.Equal([1L, 1], before.Select(reading => reading.Used));
        Assert.Equal([0L, 0], (await Store.ReadAsync([rate, quota], CancellationToken.None)).Select(reading => reading.Used));
        Assert.Equal(1, await UsedAsync(other));
        Assert.True(await AdmitsAsync(rate, quota));
    }

    [Fact]
    public async Task AdjustAsync_adds_to_and_takes_from_the_running_period_and_never_goes_below_zero()
    {
        Charge quota = Quota(Subject, "quota", 10);
        long startUs = NowUs;
        Assert.True(await AdmitsAsync(quota));
        Time.Advance(TimeSpan.FromSeconds(100));

        CounterReading added = await Store.AdjustAsync(quota, 8, CancellationToken.None);
        CounterReading taken = await Store.AdjustAsync(quota, -50, CancellationToken.None);

        Assert.Equal(new CounterReading(quota, 9, 1, 3_500_000_000, startUs, startUs + 3_600_000_000), added);
        Assert.Equal((0, 10, startUs), (taken.Used, taken.Remaining, taken.PeriodStartUs));
    }

    [Fact]
    public async Task AdjustAsync_of_a_rate_is_rejected()
    {
        Charge rate = Rate(Subject, "rate", 1);

        await Assert.ThrowsAsync<ArgumentException>(async () => await Store.AdjustAsync(rate, 1, CancellationToken.None));
    }

    [Fact]
    public async Task DeleteSubjectAsync_removes_all_its_counters_and_no_other()
    {
        Charge[] own = [Rate(Subject, "rate", 1), Quota(Subject, "quota", 1), Quota(Subject, "forgotten", 1)];
        Charge other = Quota(Key(Subject.Id + "x"), "quota", 1);
        Assert.True(await AdmitsAsync([.. own, other]));

        await Store.DeleteSubjectAsync(Subject, CancellationToken.None);

        Assert.All(await Store.ReadAsync(own, CancellationToken.None), reading => Assert.Equal(0, reading.Used));
        Assert.Equal(1, await UsedAsync(other));
    }

    /// <summary>The clock as the store reads it.</summary>
    protected long NowUs => (Time.GetUtcNow().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
}
