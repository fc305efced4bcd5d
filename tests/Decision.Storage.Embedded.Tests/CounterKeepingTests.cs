using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Counters;
using Microsoft.Extensions.Time.Testing;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

public sealed class CounterKeepingTests : IDisposable
{
    private static readonly Subject Subject = Key("k1");
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task SaveAsync_writes_changed_subjects_only()
    {
        using (EmbeddedStore store = new(_folder.Database))
        {
            await SpendAsync(store, Quota(Subject, "quota", 10));
            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
            store.Database.Write(session => session.Execute("DELETE FROM counter_log"));
            await SpendAsync(store, Quota(Key("k2"), "quota", 10));

            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
        }

        using EmbeddedStore killed = new(_folder.Database);
        Assert.Equal(Key("k2"), Assert.Single(killed.Counters.Subjects).Key);
    }

    [Fact]
    public async Task SaveAsync_leaves_windows_of_a_second_and_SaveAllAsync_writes_them()
    {
        using EmbeddedStore store = new(_folder.Database);
        await SpendAsync(store, Rate(Subject, "rate", 10, seconds: 1));
        Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
        Assert.Equal(0L, Rows(store));

        await store.Keeper.SaveAllAsync(CancellationToken.None);

        Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
        Assert.Equal(1L, Rows(store));
    }

    [Fact]
    public async Task MergeAsync_of_many_counters_lets_other_writes_in_between()
    {
        using EmbeddedStore store = new(_folder.Database);
        for (int i = 0; i < 12_000; i++)
        {
            await SpendAsync(store, Quota(Key("k" + i), "quota", 10));
        }

        // It has the only turn to write; what is carried over waits for it, and then a second write for that.
        Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
        List<long> seen = [];
        using ManualResetEventSlim mayEnd = new();
        Task holding = Task.Run(() => store.Database.Write(_ => mayEnd.Wait(TimeSpan.FromMinutes(1))));
        Task<bool> saving = Task.Run(() => store.Keeper.MergeAsync(CancellationToken.None).AsTask());
        Task<int> looking = Task.Run(() =>
        {
            long rows;
            do
            {
                rows = store.Database.Write(session => (long)session.Scalar("SELECT COUNT(*) FROM counters")!);
                seen.Add(rows);
            }
            while (rows < 12_000);
            return seen.Count;
        });
        mayEnd.Set();

        await holding;
        Assert.True(await saving);
        await looking;
        Assert.All(seen, rows => Assert.Contains(rows, new long[] { 0, 5_000, 10_000, 12_000 }));
        Assert.Equal(12_000L, Rows(store));
    }

    [Fact]
    public async Task SaveAsync_that_fails_is_counted_told_by_health_and_made_up_for()
    {
        using EmbeddedStore store = new(_folder.Database);
        EmbeddedStoreHealth health = new(store.Database, store.Counters);
        Charge[] quotas = [.. Enumerable.Range(0, 2_000).Select(i => Quota(Key("k" + i), "quota", 10))];
        foreach (Charge quota in quotas)
        {
            await SpendAsync(store, quota);
        }

        store.Database.Write(session => session.Scalar("PRAGMA max_page_count = 1"));
        Assert.False(await store.Keeper.SaveAsync(CancellationToken.None));
        Assert.False(await store.Keeper.SaveAsync(CancellationToken.None));

        Assert.Equal(2, store.Keeper.FailedSaves);
        Assert.Equal(0L, Rows(store));
        Assert.Contains("is full", await health.CheckAsync(CancellationToken.None), StringComparison.Ordinal);
        await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(1, (await store.Counters.ReadAsync([quotas[0]], CancellationToken.None))[0].Used);

        store.Database.Write(session => session.Scalar("PRAGMA max_page_count = 1000000"));
        Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
        Assert.Null(store.Keeper.LastError);
        Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
        Assert.Equal(2_000L, Rows(store));
        Assert.Null(await health.CheckAsync(CancellationToken.None));
        Assert.Equal("sqlite", health.Part);
    }

    [Fact]
    public async Task ResetAsync_that_cannot_be_saved_throws_and_the_old_count_does_not_come_back()
    {
        Charge rate = Rate(Subject, "rate", 10);
        FakeTimeProvider time;
        using (EmbeddedStore store = new(_folder.Database))
        {
            time = store.Time;
            await SpendAsync(store, rate);
            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
            store.Database.Write(session => session.Execute(
                "CREATE TRIGGER refuse BEFORE INSERT ON counter_log BEGIN SELECT RAISE(ABORT, 'refused'); END"));
            await Assert.ThrowsAsync<StoreException>(async () => await store.Counters.ResetAsync([rate], CancellationToken.None));
            await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
            Assert.Equal(0, (await store.Counters.ReadAsync([rate], CancellationToken.None))[0].Used);
            store.Database.Write(session => session.Execute("DROP TRIGGER refuse"));
            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
        }

        using EmbeddedStore again = new(_folder.Database, time);

        Assert.Equal(0, (await again.Counters.ReadAsync([rate], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task SpendAsync_on_a_store_that_cannot_read_throws_and_works_when_it_can()
    {
        using EmbeddedStore store = new(_folder.Database);
        Charge quota = Quota(Subject, "quota", 1);
        store.Database.Write(session => session.Execute("ALTER TABLE counters RENAME TO away"));

        await Assert.ThrowsAsync<StoreException>(async () => await SpendAsync(store, quota));
        store.Database.Write(session => session.Execute("ALTER TABLE away RENAME TO counters"));

        Assert.False((await SpendAsync(store, quota)).Outcomes[0].Refused);
        Assert.True((await SpendAsync(store, quota)).Outcomes[0].Refused);
    }

    [Fact]
    public async Task SweepAsync_lets_a_quota_leave_when_it_is_in_the_table_and_idle_and_it_comes_back_as_it_was()
    {
        using EmbeddedStore store = new(_folder.Database);
        Charge quota = Quota(Subject, "quota", 10, seconds: 0);
        await SpendAsync(store, quota);
        store.Time.Advance(TimeSpan.FromMinutes(10));
        await store.Keeper.SweepAsync(TimeSpan.FromMinutes(10), CancellationToken.None);
        Assert.Single(store.Counters.Subjects);
        await store.Keeper.SaveAsync(CancellationToken.None);
        await store.Keeper.SweepAsync(TimeSpan.FromMinutes(10), CancellationToken.None);
        Assert.Single(store.Counters.Subjects);
        Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));

        await store.Keeper.SweepAsync(TimeSpan.FromMinutes(10), CancellationToken.None);

        Assert.Empty(store.Counters.Subjects);
        Assert.Equal(1, (await store.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task SweepAsync_keeps_a_quota_that_is_not_idle_and_a_rate_that_still_counts()
    {
        using EmbeddedStore store = new(_folder.Database);
        await SpendAsync(store, Quota(Key("k1"), "quota", 10), Rate(Key("k2"), "rate", 10, seconds: 60));
        await store.Keeper.SaveAsync(CancellationToken.None);
        store.Time.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMicroseconds(1));
        await store.Keeper.SweepAsync(TimeSpan.FromMinutes(10), CancellationToken.None);
        Assert.Equal(2, store.Counters.Subjects.Count);
        store.Time.Advance(TimeSpan.FromMicroseconds(1));

        await store.Keeper.SweepAsync(TimeSpan.FromMinutes(10), CancellationToken.None);

        Assert.Equal(Key("k1"), Assert.Single(store.Counters.Subjects).Key);
    }

    [Fact]
    public async Task SweepAsync_removes_rows_that_no_longer_count()
    {
        using EmbeddedStore store = new(_folder.Database);
        await SpendAsync(store, Rate(Subject, "rate", 10, seconds: 60), Quota(Subject, "hour", 10), Quota(Subject, "life", 10, seconds: 0));
        Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
        Assert.Equal(3L, Rows(store));
        store.Time.Advance(TimeSpan.FromHours(1));

        await store.Keeper.SweepAsync(TimeSpan.FromMinutes(10), CancellationToken.None);

        Assert.Equal("life", store.Database.Read(session => session.Scalar("SELECT group_concat(name) FROM counters")));
    }

    [Fact]
    public async Task SweepAsync_without_a_file_keeps_quotas_while_their_periods_run()
    {
        using EmbeddedStore store = new(":memory:");
        Charge hour = Quota(Key("k1"), "quota", 10);
        Charge life = Quota(Key("k2"), "quota", 10, seconds: 0);
        await SpendAsync(store, hour, life);
        store.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMicroseconds(1));
        await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal([1L, 1], (await store.Counters.ReadAsync([hour, life], CancellationToken.None)).Select(reading => reading.Used));
        store.Time.Advance(TimeSpan.FromMicroseconds(1));

        await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(Key("k2"), Assert.Single(store.Counters.Subjects).Key);
        Assert.True(await store.Keeper.SaveAllAsync(CancellationToken.None));
    }

    [Fact]
    public async Task SweepAsync_beside_spenders_loses_no_unit()
    {
        using EmbeddedStore store = new(_folder.Database);
        Charge quota = Quota(Subject, "quota", 3_000);
        Task<long>[] spenders =
        [
            .. Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                long admitted = 0;
                for (int i = 0; i < 500; i++)
                {
                    admitted += (await SpendAsync(store, quota)).Outcomes[0].Refused ? 0 : 1;
                }

                return admitted;
            })),
        ];
        Task<long[]> all = Task.WhenAll(spenders);
        do
        {
            Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
            await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
        }
        while (!all.IsCompleted);

        Assert.Equal(3_000, (await all).Sum());
        Assert.Equal(3_000, (await store.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task SpendAsync_that_waited_for_a_subject_which_left_meanwhile_spends_on_the_one_that_is_there()
    {
        using EmbeddedStore store = new(_folder.Database);
        Charge quota = Quota(Subject, "quota", 10);
        await SpendAsync(store, quota);
        Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
        Thread spender = new(() => SpendAsync(store, quota).GetAwaiter().GetResult());
        lock (store.Counters.Subjects[Subject])
        {
            spender.Start();
            Assert.True(SpinWait.SpinUntil(() => spender.ThreadState.HasFlag(ThreadState.WaitSleepJoin), TimeSpan.FromSeconds(30)));

            // This thread has the lock, so the sweep gets it too, and ends before it returns.
            Task sweep = store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None).AsTask();
            Assert.True(sweep.IsCompletedSuccessfully);
        }

        spender.Join();

        Assert.Equal(2, (await store.Counters.ReadAsync([quota], CancellationToken.None))[0].Used);
    }

    [Fact]
    public async Task Answers_for_idempotency_keys_are_bounded_and_leave_after_a_minute()
    {
        using EmbeddedStore store = new(":memory:");
        Charge rate = Rate(Subject, "rate", 1_000_000, 1, RateAlgorithm.FixedWindow);
        for (int i = 0; i < RememberedSpendings.Capacity + 20_000; i++)
        {
            await store.Counters.SpendAsync(Spend(rate) with { KeyId = "k", IdempotencyKey = "n" + i }, CancellationToken.None);
        }

        Assert.Equal(RememberedSpendings.Capacity, store.Counters.Remembered.Count);
        store.Time.Advance(TimeSpan.FromSeconds(60));

        await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);

        Assert.Equal(0, store.Counters.Remembered.Count);
    }

    [Fact]
    public async Task SpendAsync_on_a_subject_with_many_counters_counts_each()
    {
        using EmbeddedStore store = new(_folder.Database);
        Charge[] charges = [.. Enumerable.Range(0, 40).Select(i => Rate(Subject, "rate/" + i, 10, seconds: 10 + i))];
        for (int round = 0; round < 3; round++)
        {
            foreach (Charge charge in charges)
            {
                await SpendAsync(store, charge);
            }
        }

        Assert.All(await store.Counters.ReadAsync(charges, CancellationToken.None), reading => Assert.Equal(3, reading.Used));
        store.Time.Advance(TimeSpan.FromSeconds(30));
        await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(19, store.Counters.Subjects[Subject].Count);
        Assert.Equal(
            Enumerable.Range(0, 40).Select(i => i > 20 ? 3L : 0), (await store.Counters.ReadAsync(charges, CancellationToken.None)).Select(reading => reading.Used));
    }

    private static async Task<SpendResult> SpendAsync(EmbeddedStore store, params Charge[] charges) =>
        await store.Counters.SpendAsync(Spend(charges), CancellationToken.None);

    private static long Rows(EmbeddedStore store) => (long)store.Database.Read(session => session.Scalar("SELECT COUNT(*) FROM counters"))!;
}
