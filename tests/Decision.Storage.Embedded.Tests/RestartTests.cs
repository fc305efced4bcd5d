using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.TestKit;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

public sealed class RestartTests : IDisposable
{
    private static readonly Subject Subject = Key("k1");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stopped_store_opens_with_everything()
    {
        Charge brief = Rate(Subject, "brief", 5, seconds: 1);
        Charge rate = Rate(Subject, "rate", 500, seconds: 60);
        Charge bucket = Rate(Subject, "bucket", 50, seconds: 60, RateAlgorithm.TokenBucket);
        Charge month = MonthlyQuota(Subject, "month", 1_000);
        Charge life = Quota(Subject, "life", 1_000, seconds: 0);
        Charge[] charges = [brief, rate, bucket, month, life];
        KeyRecord key = KeyStoreContract.Record("k1", 9, policies: ["gold"], hashes: KeyStoreContract.Custom("c"));
        Document policy = new(DocumentKind.Policy, "gold", 1, "e", "{}"u8.ToArray(), 4);
        EmbeddedStore first = new(_folder.Database);
        Assert.True(await first.Keys.CreateAsync(key, CancellationToken.None));
        Assert.True(await first.Documents.PutAsync(policy, null, "create", CancellationToken.None));
        for (int i = 0; i < 5; i++)
        {
            await first.Counters.SpendAsync(Spend(charges), CancellationToken.None);
            first.Time.Advance(TimeSpan.FromMilliseconds(10));
        }

        IReadOnlyList<CounterReading> before = await first.Counters.ReadAsync(charges, CancellationToken.None);
        await first.StopAsync();
        Assert.Equal(["decision.db", "decision.db.lock"], _folder.Files);

        using EmbeddedStore second = new(_folder.Database, first.Time);

        Assert.Equal(before, await second.Counters.ReadAsync(charges, CancellationToken.None));
        Assert.All(before, reading => Assert.Equal(5, reading.Used));
        Assert.Equal(9UL, (await second.Keys.FindAsync("k1", CancellationToken.None))!.Version);
        Assert.Equal("k1", await second.Keys.FindIdByHashAsync(KeyStoreContract.Custom("c").ToText(), CancellationToken.None));
        Assert.Equal(1, await second.Keys.CountUsingAsync(["gold"], CancellationToken.None));
        Assert.Equal("e", (await second.Documents.FindAsync(DocumentKind.Policy, "gold", CancellationToken.None))!.Etag);
        Assert.Single(await second.Documents.RevisionsAsync(DocumentKind.Policy, "gold", 0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_quota_of_a_month_is_counted_over_many_restarts()
    {
        Charge month = MonthlyQuota(Subject, "month", 30);
        EmbeddedStore store = new(_folder.Database);
        for (int day = 0; day < 28; day++)
        {
            Assert.False((await store.Counters.SpendAsync(Spend(month), CancellationToken.None)).Outcomes[0].Refused);
            await store.StopAsync();
            store.Time.Advance(TimeSpan.FromDays(1));
            store = new EmbeddedStore(_folder.Database, store.Time);
        }

        Assert.Equal(28, (await store.Counters.ReadAsync([month], CancellationToken.None))[0].Used);
        store.Time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, (await store.Counters.ReadAsync([month], CancellationToken.None))[0].Used);
        store.Dispose();
    }

    [Fact]
    public async Task A_killed_store_has_every_acknowledged_write_and_the_counters_of_the_last_save()
    {
        using TemporaryFolder copy = new();
        Charge quota = Quota(Subject, "quota", 100);
        Charge adjusted = Quota(Key("k2"), "quota", 100);
        using EmbeddedStore first = new(_folder.Database);
        await first.Counters.SpendAsync(Spend(quota) with { Cost = 10 }, CancellationToken.None);
        Assert.True(await first.Keeper.SaveAsync(CancellationToken.None));
        await first.Counters.SpendAsync(Spend(quota), CancellationToken.None);
        for (int i = 0; i < 300; i++)
        {
            Assert.True(await first.Keys.CreateAsync(KeyStoreContract.Record($"k{i:000}"), CancellationToken.None));
        }

        Assert.True(await first.Documents.PutAsync(
            new(DocumentKind.Policy, "gold", 1, "e", "{}"u8.ToArray(), 4), null, "create", CancellationToken.None));
        await first.Counters.AdjustAsync(adjusted, 7, CancellationToken.None);

        // The files as they are while the store is open are what a killed process leaves.
        foreach (string file in _folder.Files.Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            File.Copy(Path.Combine(_folder.Path, file), Path.Combine(copy.Path, file));
        }

        using EmbeddedStore second = new(copy.Database, first.Time);

        Assert.Equal(300, await second.Keys.CountAsync(KeyFilter.All, CancellationToken.None));
        Assert.NotNull(await second.Documents.FindAsync(DocumentKind.Policy, "gold", CancellationToken.None));
        Assert.Equal(7, (await second.Counters.ReadAsync([adjusted], CancellationToken.None))[0].Used);

        // Adjusting saved all that had changed by then.
        Assert.Equal(11, (await second.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task A_reset_or_deleted_counter_does_not_come_back()
    {
        Charge reset = Rate(Subject, "rate", 100);
        Charge deleted = Quota(Key("k2"), "quota", 100);
        using (EmbeddedStore first = new(_folder.Database))
        {
            await first.Counters.SpendAsync(Spend(reset, deleted), CancellationToken.None);
            await first.Keeper.SaveAllAsync(CancellationToken.None);
            await first.Counters.ResetAsync([reset], CancellationToken.None);
            await first.Counters.DeleteSubjectAsync(Key("k2"), CancellationToken.None);
        }

        using EmbeddedStore second = new(_folder.Database);

        Assert.Equal([0L, 0], (await second.Counters.ReadAsync([reset, deleted], CancellationToken.None)).Select(reading => reading.Used));
    }

    [Fact]
    public async Task A_subject_that_was_not_touched_is_deleted_on_the_disk()
    {
        Charge quota = Quota(Subject, "quota", 100);
        EmbeddedStore first = new(_folder.Database);
        await first.Counters.SpendAsync(Spend(quota), CancellationToken.None);
        Assert.True(await first.Keeper.MergeAsync(CancellationToken.None));
        first.Dispose();
        using (EmbeddedStore second = new(_folder.Database))
        {
            await second.Counters.DeleteSubjectAsync(Subject, CancellationToken.None);
        }

        using EmbeddedStore third = new(_folder.Database);

        Assert.Equal(0, (await third.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task A_damaged_state_starts_afresh_and_leaves_the_others()
    {
        Charge damaged = Quota(Subject, "damaged", 100);
        Charge sound = Quota(Subject, "sound", 100);
        EmbeddedStore first = new(_folder.Database);
        await first.Counters.SpendAsync(Spend(damaged, sound), CancellationToken.None);
        Assert.True(await first.Keeper.MergeAsync(CancellationToken.None));
        first.Dispose();
        using EmbeddedStore second = new(_folder.Database);
        second.Database.Write(session => session.Execute("UPDATE counters SET state = x'00ff' WHERE name = 'damaged'"));

        IReadOnlyList<CounterReading> readings = await second.Counters.ReadAsync([damaged, sound], CancellationToken.None);

        Assert.Equal([0L, 1], readings.Select(reading => reading.Used));
    }
}
