using Decision.Engine.Charges;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

/// <summary>The log of counters and the table on a disk that refuses or damages something.</summary>
public sealed class CounterLogFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_table_that_cannot_be_written_is_told_by_health_and_the_log_keeps_everything()
    {
        Charge busy = Quota(Key("k1"), "quota", 9), idle = Quota(Key("k2"), "quota", 9);
        using (EmbeddedStore store = new(_folder.Database))
        {
            EmbeddedStoreHealth health = new(store.Database, store.Counters);
            store.Database.Write(session => session.Execute(
                "CREATE TRIGGER refuse BEFORE INSERT ON counters BEGIN SELECT RAISE(ABORT, 'refused'); END"));
            await store.SpendAsync(busy, idle);
            Assert.False(await store.Keeper.MergeAsync(CancellationToken.None));
            Assert.Contains("could not be saved at the last try", await health.CheckAsync(CancellationToken.None), StringComparison.Ordinal);
            await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
            await store.SpendAsync(busy);
            Assert.False(await store.Keeper.SaveAsync(CancellationToken.None));
        }

        using EmbeddedStore killed = new(_folder.Database);
        Assert.Equal([2L, 1], await killed.UsedAsync(busy, idle));
        Assert.False(await killed.Keeper.MergeAsync(CancellationToken.None));
        killed.Database.Write(session => session.Execute("DROP TRIGGER refuse"));

        Assert.True(await killed.Keeper.MergeAsync(CancellationToken.None));

        Assert.Equal((0L, 2L), (killed.Count("counter_log"), killed.Count("counters")));
    }

    [Fact]
    public async Task A_log_that_cannot_be_emptied_is_tried_again_and_nothing_is_lost()
    {
        Charge quota = Quota(Key("k1"), "quota", 9);
        using EmbeddedStore store = new(_folder.Database);
        store.Database.Write(session => session.Execute(
            "CREATE TRIGGER refuse BEFORE DELETE ON counter_log BEGIN SELECT RAISE(ABORT, 'refused'); END"));
        await store.SpendAsync(quota);
        Assert.False(await store.Keeper.MergeAsync(CancellationToken.None));
        store.Database.Write(session => session.Execute("DROP TRIGGER refuse"));

        Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));

        Assert.Equal((0L, 1L), (store.Count("counter_log"), store.Count("counters")));
        Assert.Equal([1L], await store.UsedAsync(quota));
    }

    [Theory]
    [InlineData("UPDATE counter_log SET records = substr(records, 1, length(records) - 3) WHERE seq = 2", 1, 0)]
    [InlineData("UPDATE counter_log SET records = zeroblob(40) WHERE seq = 2", 1, 0)]
    [InlineData("UPDATE counter_log SET records = x'ffffffffffffffffffffff' WHERE seq = 2", 1, 0)]
    [InlineData("UPDATE counter_log SET records = x'00026b3101050173ff' WHERE seq = 2", 1, 0)]
    [InlineData("UPDATE counter_log SET records = x'' WHERE seq IN (1, 2)", 0, 0)]
    public async Task Damage_in_the_log_costs_what_is_damaged_and_the_server_starts(string damage, long first, long second)
    {
        Charge[] charges = [.. Enumerable.Range(1, 3).Select(i => Quota(Key("k" + i), "quota", 9))];
        using (EmbeddedStore store = new(_folder.Database))
        {
            foreach (Charge charge in charges)
            {
                await store.SpendAsync(charge);
                Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
            }

            store.Database.Write(session => session.Execute(damage));
        }

        using EmbeddedStore killed = new(_folder.Database);

        Assert.Equal([first, second, 1], await killed.UsedAsync(charges));
        Assert.True(await killed.Keeper.MergeAsync(CancellationToken.None));
        Assert.Equal(0L, killed.Count("counter_log"));
    }
}
