using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>What Redis grants, and how it counts what is out.</summary>
public sealed class LeaseGrantTests(SharedRedis shared) : IAsyncLifetime
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(1);

    private LeasedStore _store = null!;
    private long _orders;

    public static TheoryData<RateAlgorithm> Algorithms => [.. Enum.GetValues<RateAlgorithm>()];

    public async ValueTask InitializeAsync() => _store = await LeasedStore.OpenAsync(shared.Server.Address);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_is_out_counts_as_used_for_everybody(RateAlgorithm algorithm)
    {
        Charge charge = LeasedStore.Rate(10, 60, algorithm);
        await SpendAsync(charge, 3);

        LeaseGrant grant = await AskAsync(charge, wants: 4);

        Assert.Equal((4, 3, Life), (grant.Granted, grant.Remaining, grant.Life));
        Assert.Equal((7, 3), await UsedAsync(charge));
        Assert.True(await IsRefusedAsync(charge, 4));
        Assert.False(await IsRefusedAsync(charge, 3));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_was_told_as_used_counts_and_the_rest_is_free_again(RateAlgorithm algorithm)
    {
        Charge charge = LeasedStore.Rate(20, 60, algorithm);
        await AskAsync(charge, wants: 8);

        LeaseGrant end = await AskAsync(charge, used: 5);

        Assert.True(end.IsKnown);
        Assert.Equal((0, 15), (end.Granted, end.Remaining));
        Assert.Equal((5, 15), await UsedAsync(charge));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_is_kept_stays_out_beside_what_is_granted(RateAlgorithm algorithm)
    {
        Charge charge = LeasedStore.Rate(20, 60, algorithm);
        await AskAsync(charge, wants: 8);

        LeaseGrant more = await AskAsync(charge, used: 5, keeps: 3, wants: 4);

        Assert.True(more.IsKnown);
        Assert.Equal((4, 8), (more.Granted, more.Remaining));
        Assert.Equal((12, 8), await UsedAsync(charge));
    }

    [Theory]
    [MemberData(nameof(Algorithms))]
    public async Task What_nobody_told_of_counts_as_used_at_the_end(RateAlgorithm algorithm)
    {
        Charge charge = LeasedStore.Rate(10, 60, algorithm);
        await AskAsync(charge, wants: 4);

        await _store.PassAsync(Life);

        Assert.Equal((4, 6), await UsedAsync(charge));
        Assert.True(await IsRefusedAsync(charge, 7));
        Assert.False(await IsRefusedAsync(charge, 6));
        Assert.False((await AskAsync(charge, used: 1, keeps: 3)).IsKnown);
        Assert.Equal((4, 6), await UsedAsync(charge));
    }

    [Fact]
    public async Task What_was_used_leaves_a_log_a_period_after_its_last_use()
    {
        Charge charge = LeasedStore.Rate(20, 10);
        await AskAsync(charge, wants: 6);
        await _store.PassAsync(Life / 2);
        await AskAsync(charge, used: 6, ago: TimeSpan.FromMilliseconds(100));

        await _store.PassAsync(TimeSpan.FromSeconds(9.8));
        Assert.Equal((6, 14), await UsedAsync(charge));

        await _store.PassAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal((0, 20), await UsedAsync(charge));
    }

    [Fact]
    public async Task What_was_used_up_to_an_untold_end_leaves_a_log_a_period_after_the_end()
    {
        Charge charge = LeasedStore.Rate(20, 10);
        await AskAsync(charge, wants: 6);

        await _store.PassAsync(TimeSpan.FromSeconds(10.9));
        Assert.Equal((6, 14), await UsedAsync(charge));

        await _store.PassAsync(TimeSpan.FromMilliseconds(100));
        Assert.Equal((0, 20), await UsedAsync(charge));
    }

    [Fact]
    public async Task Half_of_what_is_free_is_granted_at_most()
    {
        Charge charge = LeasedStore.Rate(10, 60);
        await SpendAsync(charge, 4);

        Assert.Equal(3, (await AskAsync(charge, wants: 5, id: 1)).Granted);
        Assert.Equal(2, (await AskAsync(charge, wants: 5, id: 2)).Granted);
        Assert.Equal(1, (await AskAsync(charge, wants: 5, id: 3)).Granted);
        Assert.Equal(0, (await AskAsync(charge, wants: 5, id: 4)).Granted);
    }

    [Fact]
    public async Task A_late_word_of_what_was_used_takes_nothing_back()
    {
        Charge charge = LeasedStore.Rate(20, 60);
        await AskAsync(charge, wants: 6);
        await _store.PassAsync(Life);

        // It kept four of them since it told, and may have used them before the end.
        LeaseGrant late = await AskAsync(charge, used: 2, keeps: 4, wants: 1);

        Assert.False(late.IsKnown);
        Assert.Equal((0, 14), (late.Granted, late.Remaining));
        Assert.Equal((1, 13), await AskAsync(charge, wants: 1, id: 8) is var next ? (next.Granted, next.Remaining) : default);
    }

    [Fact]
    public async Task What_is_told_again_counts_once()
    {
        Charge charge = LeasedStore.Rate(20, 60);
        await AskAsync(charge, wants: 8);
        await AskAsync(charge, used: 3, keeps: 5, wants: 4);

        // As if that answer had been lost: the replica knows of the five only, and has used one of them since.
        LeaseGrant again = await AskAsync(charge, used: 4, keeps: 4, wants: 2);

        Assert.Equal((true, 2), (again.IsKnown, again.Granted));
        Assert.Equal((10, 10), await UsedAsync(charge));
    }

    [Fact]
    public async Task An_order_that_a_later_one_overtook_does_nothing()
    {
        Charge charge = LeasedStore.Rate(20, 60);
        await AskAsync(charge, wants: 8, number: 1);
        await AskAsync(charge, used: 3, keeps: 5, wants: 4, number: 3);

        LeaseGrant late = await AskAsync(charge, used: 1, keeps: 2, wants: 2, number: 2);

        Assert.Equal((false, 0), (late.IsKnown, late.Granted));
        Assert.Equal((12, 8), await UsedAsync(charge));
    }

    [Fact]
    public async Task A_quota_s_lease_begins_with_a_period_and_ends_with_it()
    {
        Charge charge = LeasedStore.Quota(100, 60);
        Assert.Equal(0, (await AskAsync(charge, wants: 5)).Granted);
        await SpendAsync(charge, 1);
        await _store.PassAsync(TimeSpan.FromSeconds(59.5));

        LeaseGrant grant = await AskAsync(charge, wants: 5);

        Assert.Equal((5, TimeSpan.FromMilliseconds(500)), (grant.Granted, grant.Life));
        await _store.PassAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal((0, 100), await UsedAsync(charge));
        await SpendAsync(charge, 1);
        Assert.Equal((1, 99), await UsedAsync(charge));
    }

    [Fact]
    public async Task A_month_s_quota_is_leased()
    {
        Charge charge = LeasedStore.Leased(TestCharges.MonthlyQuota(LeasedStore.NewSubject(), "quota", 100));
        await SpendAsync(charge, 1);

        Assert.Equal((5, 94), await AskAsync(charge, wants: 5) is var grant ? (grant.Granted, grant.Remaining) : default);
        await AskAsync(charge, used: 5);
        Assert.Equal((6, 94), await UsedAsync(charge));
    }

    [Fact]
    public async Task A_reset_leaves_what_is_out()
    {
        Charge charge = LeasedStore.Rate(10, 60);
        await SpendAsync(charge, 3);
        await AskAsync(charge, wants: 4);

        var before = Assert.Single(await _store.Exact.ResetAsync([charge], CancellationToken.None));

        Assert.Equal(7, before.Used);
        Assert.Equal(4, Assert.Single(await _store.Exact.ReadAsync([charge], CancellationToken.None)).Used);
        await AskAsync(charge, used: 4);
        Assert.Equal((4, 6), await UsedAsync(charge));
    }

    [Fact]
    public async Task A_key_that_is_gone_has_nothing_to_lease_and_is_not_made_again()
    {
        Charge charge = LeasedStore.Rate(10, 60, subject: TestCharges.Key(Guid.NewGuid().ToString("N")));

        LeaseGrant grant = await AskAsync(charge, wants: 5);

        Assert.Equal((0, false), (grant.Granted, grant.IsKnown));
        Assert.False(await _store.Database.KeyExistsAsync(_store.Redis.Get<RedisKeys>().OfSubject(charge.Counter.Subject)));
    }

    [Fact]
    public async Task A_lower_limit_refuses_while_more_is_out()
    {
        Charge charge = LeasedStore.Rate(100, 60);
        await AskAsync(charge, wants: 50);

        Charge lower = LeasedStore.Rate(20, 60, subject: charge.Counter.Subject);

        Assert.True(await IsRefusedAsync(lower, 1));
        await AskAsync(lower, used: 5);
        Assert.False(await IsRefusedAsync(lower, 15));
    }

    [Fact]
    public async Task A_refusal_by_what_is_out_tells_when_it_ends_at_the_latest()
    {
        Charge charge = LeasedStore.Quota(10, 3600);
        await SpendAsync(charge, 1);
        await AskAsync(charge, wants: 5);

        SpendResult refused = await _store.Exact.SpendAsync(TestCharges.Spend(charge) with { Cost = 5 }, CancellationToken.None);

        Assert.True(refused.Outcomes[0].Refused);
        Assert.InRange(refused.Outcomes[0].RetryUs, 1, (long)Life.TotalMicroseconds);
    }

    [Fact]
    public async Task Several_counters_of_a_subject_are_asked_for_together()
    {
        Subject subject = LeasedStore.NewSubject();
        Charge rate = LeasedStore.Rate(10, 60, subject: subject);
        Charge quota = LeasedStore.Quota(100, 60, subject);
        await SpendAsync(quota, 1);

        LeaseGrant[] grants = await _store.Grants.LeaseAsync(
            [new(rate, 7, 1, 0, default, 0, 3, Life), new(quota, 7, 1, 0, default, 0, 4, Life)], CancellationToken.None);

        Assert.Equal([3, 4], grants.Select(grant => grant.Granted));
        Assert.Equal((3, 7), await UsedAsync(rate));
        Assert.Equal((5, 95), await UsedAsync(quota));
    }

    [Fact]
    public async Task Counters_of_two_subjects_cannot_be_asked_for_together() => await Assert.ThrowsAsync<ArgumentException>(async () =>
        await _store.Grants.LeaseAsync(
            [new(LeasedStore.Rate(10, 60), 7, 1, 0, default, 0, 3, Life), new(LeasedStore.Rate(10, 60), 7, 1, 0, default, 0, 3, Life)], CancellationToken.None));

    [Fact]
    public async Task A_hash_that_only_leases_are_left_of_goes_when_they_would_count_no_more()
    {
        Charge charge = LeasedStore.Rate(10, 60);
        await AskAsync(charge, wants: 5);
        var name = _store.Redis.Get<RedisKeys>().OfSubject(charge.Counter.Subject);

        // The expiry runs on Redis' own clock; it is there, and long enough for the end and a period after it.
        Assert.InRange((await _store.Database.KeyTimeToLiveAsync(name))!.Value, TimeSpan.FromSeconds(61), TimeSpan.FromSeconds(200));
    }

    private async Task<LeaseGrant> AskAsync(
        Charge charge, long used = 0, long keeps = 0, long wants = 0, ulong id = 7, TimeSpan ago = default, long number = 0) =>
        (await _store.Grants.LeaseAsync([new LeaseOrder(charge, id, number == 0 ? ++_orders : number, used, ago, keeps, wants, Life)], CancellationToken.None))[0];

    private async Task SpendAsync(Charge charge, long cost) => Assert.False(await IsRefusedAsync(charge, cost, isPeek: false));

    private async Task<bool> IsRefusedAsync(Charge charge, long cost, bool isPeek = true) => (await _store.Exact.SpendAsync(
        TestCharges.Spend(charge) with { Cost = cost, IsPeek = isPeek }, CancellationToken.None)).Outcomes[0].Refused;

    private async Task<(long Used, long Remaining)> UsedAsync(Charge charge)
    {
        var reading = Assert.Single(await _store.Exact.ReadAsync([charge], CancellationToken.None));
        LimitTest peek = await _store.PeekAsync(charge);
        Assert.Equal(reading.Remaining, peek.Remaining);
        return (reading.Used, reading.Remaining);
    }
}
