using System.Diagnostics.Metrics;
using Decision.Engine.Charges;
using Decision.Engine.Settings;
using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>How a replica uses what it took, and what becomes of it.</summary>
public sealed class LeaseUseTests(SharedRedis shared) : IAsyncLifetime
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    private LeasedStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await LeasedStore.OpenAsync(shared.Server.Address);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task A_hot_counter_asks_the_store_once_in_fifty_decisions_at_most()
    {
        LostAnswers grants = new(_store.Grants);
        Replica replica = _store.Start(grants);
        Charge charge = LeasedStore.Rate(10_000, 1);
        await RunAsync(replica, charge, 100);
        int before = grants.Asked;

        int leased = await RunAsync(replica, charge, 1000);

        int asked = grants.Asked - before + 1000 - leased;
        Assert.True(asked <= 1000 / 50, $"{asked} calls for 1000 decisions");
    }

    [Fact]
    public async Task Numbers_count_down_within_a_lease()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await RunAsync(replica, charge, 50);

        long[] remaining = await RemainingAsync(replica, charge, 20);

        Assert.Equal(Enumerable.Range(0, 20).Select(index => 950L - 1 - index), remaining);
    }

    [Fact]
    public async Task What_is_not_used_goes_back_within_a_lease_s_life()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        int admitted = 50;
        await RunAsync(replica, charge, admitted);

        await _store.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(1000 - admitted, (await _store.PeekAsync(charge)).Remaining);
    }

    [Fact]
    public async Task A_replica_that_stops_gives_back_at_once()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await RunAsync(replica, charge, 50);
        Assert.True((await _store.PeekAsync(charge)).Remaining < 950);

        await replica.Store.ReturnAsync();

        Assert.Equal(950, (await _store.PeekAsync(charge)).Remaining);
    }

    [Fact]
    public async Task What_is_held_and_not_used_is_told_as_a_metric()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        Assert.Equal(0, UnitsTold());
        await RunAsync(replica, charge, 50);
        await replica.Store.AnsweredAsync();

        long told = UnitsTold();

        Assert.InRange(told, 1, 100);
        Assert.Equal(950 - (await _store.PeekAsync(charge)).Remaining, told);
        await replica.Store.ReturnAsync();
        Assert.Equal(0, UnitsTold());
    }

    [Fact]
    public async Task A_replica_that_is_killed_takes_what_it_held_with_it()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await RunAsync(replica, charge, 50);
        long held = (await _store.PeekAsync(charge)).Remaining;
        await replica.DisposeAsync();

        await _store.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(held, (await _store.PeekAsync(charge)).Remaining);
        await _store.PassAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(1000, (await _store.PeekAsync(charge)).Remaining);
    }

    [Fact]
    public async Task Lost_answers_cost_nothing_once_the_store_answers_again()
    {
        LostAnswers grants = new(_store.Grants);
        Replica replica = _store.Start(grants);
        Charge charge = LeasedStore.Rate(1000, 60);
        long leased = await RunAsync(replica, charge, 50);
        for (int round = 0; round < 5; round++)
        {
            grants.IsLosing = true;
            leased += await RunAsync(replica, charge, 50);
            grants.IsLosing = false;
            leased += await RunAsync(replica, charge, 50);
        }

        await _store.PassAsync(TimeSpan.FromSeconds(1));
        Assert.InRange(leased, 200, 550);
        Assert.Equal(450, (await _store.PeekAsync(charge)).Remaining);
    }

    [Fact]
    public async Task Never_more_than_the_limit_while_answers_are_lost()
    {
        LostAnswers grants = new(_store.Grants);
        Replica replica = _store.Start(grants);
        Charge charge = LeasedStore.Rate(1000, 60);
        await RunAsync(replica, charge, 50);
        grants.IsLosing = true;
        long admitted = 50;
        for (int i = 0; i < 3000; i++)
        {
            admitted += (await replica.SpendAsync(charge)).Outcomes[0].Refused ? 0 : 1;
            await _store.PassAsync(Step);
        }

        Assert.InRange(admitted, 600, 1000);
    }

    [Fact]
    public async Task A_changed_limit_is_not_admitted_by_the_old_one_s_lease()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await RunAsync(replica, charge, 50);

        Charge lower = LeasedStore.Rate(20, 60, subject: charge.Counter.Subject);

        Assert.True((await replica.SpendAsync(lower)).Outcomes[0].Refused);
    }

    [Fact]
    public async Task A_policy_written_again_with_the_same_limit_goes_on_with_its_lease()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await RunAsync(replica, charge, 50);

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
            await _store.PassAsync(Step);
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
        await RunAsync(replica, charge, 50);
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
            await _store.PassAsync(Step);
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
        await RunAsync(replica, charge, 50);
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

        Assert.Equal(0, await RunAsync(replica, LeasedStore.Rate(max, seconds), 30));
        Assert.Equal(0, grants.Asked);
    }

    [Fact]
    public async Task A_store_that_is_gone_does_not_end_what_is_held()
    {
        LostAnswers grants = new(_store.Grants);
        Replica replica = _store.Start(grants);
        Charge charge = LeasedStore.Rate(1000, 60);
        await RunAsync(replica, charge, 50);

        grants.IsLosing = true;

        Assert.True((await replica.SpendAsync(charge)).IsLeased);
    }

    // How many were decided on leases.
    private long UnitsTold()
    {
        long told = 0;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Name == "decision.lease.units" && instrument.Meter.Scope == _store.Redis.Get<IMeterFactory>())
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => told += value);
        listener.Start();
        listener.RecordObservableInstruments();
        return told;
    }

    private async Task<int> RunAsync(Replica replica, Charge charge, int requests)
    {
        int leased = 0;
        for (int i = 0; i < requests; i++)
        {
            leased += (await replica.SpendAsync(charge)).IsLeased ? 1 : 0;
            await _store.PassAsync(Step);
        }

        return leased;
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
