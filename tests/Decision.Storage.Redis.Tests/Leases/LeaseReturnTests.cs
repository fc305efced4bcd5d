using System.Diagnostics.Metrics;
using Decision.Engine.Charges;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>What becomes of what a replica took and did not use: it goes back, or counts as used where nobody can tell.</summary>
public sealed class LeaseReturnTests(SharedRedis shared) : IAsyncLifetime
{
    private LeasedStore _store = null!;

    public async ValueTask InitializeAsync() => _store = await LeasedStore.OpenAsync(shared.Server.Address);

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task What_is_not_used_goes_back_within_a_lease_s_life()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        int admitted = 50;
        await _store.RunAsync(replica, charge, admitted);

        await _store.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(1000 - admitted, (await _store.PeekAsync(charge)).Remaining);
    }

    [Fact]
    public async Task A_replica_that_stops_gives_back_at_once()
    {
        Replica replica = _store.Start();
        Charge charge = LeasedStore.Rate(1000, 60);
        await _store.RunAsync(replica, charge, 50);
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
        await _store.RunAsync(replica, charge, 50);
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
        await _store.RunAsync(replica, charge, 50);
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
        long leased = await _store.RunAsync(replica, charge, 50);
        for (int round = 0; round < 5; round++)
        {
            grants.IsLosing = true;
            leased += await _store.RunAsync(replica, charge, 50);
            grants.IsLosing = false;
            leased += await _store.RunAsync(replica, charge, 50);
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
        await _store.RunAsync(replica, charge, 50);
        grants.IsLosing = true;
        long admitted = 50;
        for (int i = 0; i < 3000; i++)
        {
            admitted += (await replica.SpendAsync(charge)).Outcomes[0].Refused ? 0 : 1;
            await _store.PassAsync(LeasedStore.Step);
        }

        Assert.InRange(admitted, 600, 1000);
    }

    [Fact]
    public async Task A_store_that_is_gone_does_not_end_what_is_held()
    {
        LostAnswers grants = new(_store.Grants);
        Replica replica = _store.Start(grants);
        Charge charge = LeasedStore.Rate(1000, 60);
        await _store.RunAsync(replica, charge, 50);

        grants.IsLosing = true;

        Assert.True((await replica.SpendAsync(charge)).IsLeased);
    }

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
}
