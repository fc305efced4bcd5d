using Decision.Engine.Charges;
using Decision.Engine.Settings;
using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>How a replica uses what it took.</summary>
public sealed class LeaseUseTests(SharedRedis shared) : IAsyncLifetime
{
    private LeasedStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await LeasedStore.OpenAsync(shared.Server.Address);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_hot_counter_asks_the_store_once_in_fifty_decisions_at_most()
    {
        LostAnswers grants = new(_store.Grants);
        Replica replica = _store.Start(grants);
        Charge charge = LeasedStore.Rate(10_000, 1);
        await _store.RunAsync(replica, charge, 100);
        int before = grants.Asked;

        int leased = await _store.RunAsync(replica, charge, 1000);

        int asked = grants.Asked - before + 1000 - leased;
        Assert.True(asked <= 1000 / 50, $"{asked} calls for 1000 decisions");
    }

    [Fact]
    public async Task Numbers_count_down_within_a_lease()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await _store.RunAsync(replica, charge, 50);

        long[] remaining = await RemainingAsync(replica, charge, 20);

        Assert.Equal(Enumerable.Range(0, 20).Select(index => 950L - 1 - index), remaining);
    }

    [Fact]
    public async Task A_changed_limit_is_not_admitted_by_the_old_one_s_lease()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await _store.RunAsync(replica, charge, 50);

        Charge lower = LeasedStore.Rate(20, 60, subject: charge.Counter.Subject);

        Assert.True((await replica.SpendAsync(lower)).Outcomes[0].Refused);
    }

    [Fact]
    public async Task A_policy_written_again_with_the_same_limit_goes_on_with_its_lease()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await _store.RunAsync(replica, charge, 50);

        Assert.True((await replica.SpendAsync(LeasedStore.Rate(1000, 60, subject: charge.Counter.Subject))).IsLeased);
    }

    [Fact]
    public async Task Rate_and_quota_are_used_together_or_not_at_all()
    {
        Replica replica = _store.Start();
        Subject subject = LeasedStore.NewSubject();
        Charge rate = LeasedStore.Rate(1000, 60, subject: subject);
        Charge quota = LeasedStore.Quota(60, 3600, subject);
        long admitted = 0;
        for (int i = 0; i < 200; i++)
        {
            var result = await replica.Store.SpendAsync(TestCharges.Spend(rate, quota), CancellationToken.None);
            admitted += result.Outcomes[0].Refused || result.Outcomes[1].Refused ? 0 : 1;
            await _store.PassAsync(LeasedStore.Step);
        }

        await replica.Store.ReturnAsync();
        Assert.Equal(60, admitted);
        Assert.Equal(940, (await _store.PeekAsync(rate)).Remaining);
        Assert.Equal(0, (await _store.PeekAsync(quota)).Remaining);
    }

    [Fact]
    public async Task A_refusal_by_what_this_replica_itself_holds_is_none()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await _store.RunAsync(replica, charge, 50);
        long free = (await _store.PeekAsync(charge)).Remaining;
        await _store.Exact.SpendAsync(TestCharges.Spend(charge) with { Cost = free }, CancellationToken.None);

        // Not confirmed, so it must ask; the store has nothing left.
        var result = await replica.Store.SpendAsync(TestCharges.Spend(charge) with { KeyId = "k" }, CancellationToken.None);

        Assert.False(result.Outcomes[0].Refused);
        Assert.False(result.IsLeased);
    }

    [Fact]
    public async Task A_flood_of_refused_requests_asks_the_store_rarely()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await _store.Exact.SpendAsync(TestCharges.Spend(charge) with { Cost = 1000 }, CancellationToken.None);
        await replica.SpendAsync(charge);

        List<SpendResult> answers = [];
        for (int i = 0; i < 1000; i++)
        {
            await _store.PassAsync(LeasedStore.Step);
            answers.Add(await replica.SpendAsync(charge));
        }

        Assert.All(answers, answer => Assert.True(answer.Outcomes[0].Refused));
        Assert.InRange(answers.Count(answer => !answer.IsLeased), 1, 1000 / 50);
        Assert.Equal(59_000_000, answers[^1].Outcomes[0].RetryUs);
    }

    [Fact]
    public async Task What_was_refused_is_admitted_when_it_fits_again()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await _store.Exact.SpendAsync(TestCharges.Spend(charge) with { Cost = 900 }, CancellationToken.None);
        Assert.True((await replica.SpendAsync(charge, 150)).Outcomes[0].Refused);

        Assert.True((await replica.SpendAsync(charge, 160)).IsLeased);
        Assert.False((await replica.SpendAsync(charge, 20)).Outcomes[0].Refused);
        await _store.PassAsync(TimeSpan.FromSeconds(60));
        Assert.False((await replica.SpendAsync(charge, 150)).Outcomes[0].Refused);
    }

    [Fact]
    public async Task What_the_store_itself_must_know_of_asks_it()
    {
        Replica replica = _store.Start();
        Subject subject = LeasedStore.NewSubject();
        Charge charge = LeasedStore.Rate(1000, 60, subject: subject);
        await _store.RunAsync(replica, charge, 50);
        Spending spending = TestCharges.Spend(charge);
        Assert.True((await replica.Store.SpendAsync(spending, CancellationToken.None)).IsLeased);
        Charge shadow = new(charge.Counter, charge.Rate!, charge.Refusal, charge.Scope, charge.Origin) { Mode = LimitsMode.Leased, IsShadow = true };

        Spending[] others =
        [
            spending with { IsPeek = true },
            spending with { IdempotencyKey = "order-1" },
            spending with { KeyId = "k" },
            TestCharges.Spend(charge, TestCharges.Rate(subject, "other", 1000)),
            TestCharges.Spend(shadow),
        ];

        foreach (Spending other in others)
        {
            Assert.False((await replica.Store.SpendAsync(other, CancellationToken.None)).IsLeased);
        }

        Assert.True((await replica.Store.SpendAsync(spending with { KeyId = "k", IsKeyConfirmed = true }, CancellationToken.None)).IsLeased);
    }

    [Theory]
    [InlineData(19, 60)]
    [InlineData(1000, 0.1)]
    public async Task A_small_or_short_limit_is_counted_exactly(long max, double seconds)
    {
        LostAnswers grants = new(_store.Grants);
        Replica replica = _store.Start(grants);

        Assert.Equal(0, await _store.RunAsync(replica, LeasedStore.Rate(max, seconds), 30));
        Assert.Equal(0, grants.Asked);
    }

    private static async Task<long[]> RemainingAsync(Replica replica, Charge charge, int requests)
    {
        long[] remaining = new long[requests];
        for (int i = 0; i < requests; i++)
        {
            remaining[i] = (await replica.SpendAsync(charge)).Outcomes[0].Remaining;
        }

        return remaining;
    }
}
