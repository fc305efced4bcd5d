using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Time.Testing;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

/// <summary>What is saved lies in the log first and gets into the table later; a process may be killed at any moment between.</summary>
public sealed class CounterLogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Kills_at_any_moment_lose_nothing_that_was_saved()
    {
        const int Keys = 50;
        Random random = new(20261130);
        Charge[] charges = [.. Enumerable.Range(0, Keys * 2).Select(i => Quota(Key("k" + (i / 2)), "life/" + (i % 2), 1_000_000, seconds: 0))];
        long[] used = new long[charges.Length];
        long[] saved = [.. used];
        EmbeddedStore store = new(_folder.Database);
        int merges = 0;
        for (int step = 0; step < 1_500; step++)
        {
            int one = random.Next(charges.Length);
            switch (random.Next(40))
            {
                case < 25:
                    await store.SpendAsync(charges[one]);
                    used[one]++;
                    break;
                case < 33:
                    Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
                    saved = [.. used];
                    break;
                case < 34:
                    await store.Counters.ResetAsync([charges[one]], CancellationToken.None);
                    used[one] = 0;
                    saved = [.. used];
                    break;
                case < 35:
                    await store.Counters.DeleteSubjectAsync(charges[one].Counter.Subject, CancellationToken.None);
                    used[one] = used[one ^ 1] = 0;
                    saved = [.. used];
                    break;
                case < 37:
                    await store.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
                    break;
                case < 38 when merges++ % 8 == 0:
                    Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
                    saved = [.. used];
                    break;
                case < 39:
                    store.Time.Advance(TimeSpan.FromMinutes(1));
                    break;
                default:
                    FakeTimeProvider time = store.Time;
                    store.Dispose();
                    store = new EmbeddedStore(_folder.Database, time);
                    used = [.. saved];
                    break;
            }

            if (step % 50 == 49)
            {
                Assert.Equal(used, await store.UsedAsync(charges));
            }
        }

        store.Dispose();
    }

    [Fact]
    public async Task A_killed_store_has_counters_of_every_kind_as_they_were_saved()
    {
        Subject subject = Key("k1");
        Charge[] charges =
        [
            Rate(subject, "log", 500, seconds: 60),
            Rate(subject, "bucket", 50, seconds: 60, RateAlgorithm.TokenBucket),
            Rate(subject, "fixed", 50, seconds: 60, RateAlgorithm.FixedWindow),
            Rate(subject, "sliding", 50, seconds: 60, RateAlgorithm.SlidingWindow),
            MonthlyQuota(subject, "month", 1_000),
            Quota(new Subject(SubjectKind.Pattern, "acme\nü"), "life", 1_000, seconds: 0),
        ];
        IReadOnlyList<CounterReading> before;
        FakeTimeProvider time;
        using (EmbeddedStore store = new(_folder.Database))
        {
            time = store.Time;
            for (int i = 0; i < 5; i++)
            {
                await store.SpendAsync(charges);
                time.Advance(TimeSpan.FromMilliseconds(10));
            }

            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
            before = await store.Counters.ReadAsync(charges, CancellationToken.None);
            await store.SpendAsync(charges);
        }

        using EmbeddedStore killed = new(_folder.Database, time);

        Assert.Equal(before, await killed.Counters.ReadAsync(charges, CancellationToken.None));
        Assert.Equal(0L, killed.Count("counters"));
    }

    [Fact]
    public async Task A_start_takes_into_memory_only_what_still_counts()
    {
        Charge brief = Rate(Key("k1"), "brief", 9, seconds: 10), longer = Rate(Key("k1"), "longer", 9, seconds: 60), quota = Quota(Key("k1"), "quota", 9);
        FakeTimeProvider time;
        using (EmbeddedStore store = new(_folder.Database))
        {
            time = store.Time;
            await store.SpendAsync(brief, longer, quota);
            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
        }

        time.Advance(TimeSpan.FromSeconds(20));
        using EmbeddedStore killed = new(_folder.Database, time);

        Assert.Equal(["longer", "quota"], killed.Counters.Subjects[Key("k1")].Counters.ToArray().Select(counter => counter.Key.Name).Order());
        Assert.Equal([0L, 1, 1], await killed.UsedAsync(brief, longer, quota));
    }

    [Fact]
    public async Task What_the_log_has_of_a_subject_is_joined_with_what_the_table_has()
    {
        Charge older = Quota(Key("k1"), "older", 9), both = Quota(Key("k1"), "both", 9), newer = Quota(Key("k1"), "newer", 9);
        using (EmbeddedStore store = new(_folder.Database))
        {
            await store.SpendAsync(older, both);
            Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
            await store.SpendAsync(both, newer);
            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
        }

        using EmbeddedStore killed = new(_folder.Database);

        Assert.Equal([1L, 2, 1], await killed.UsedAsync(older, both, newer));
    }

    [Fact]
    public async Task MergeAsync_leaves_nothing_in_the_log_and_lets_what_a_start_found_leave_memory()
    {
        Charge[] charges = [.. Enumerable.Range(0, 200).Select(i => Quota(Key("k" + i), "quota", 9))];
        using (EmbeddedStore store = new(_folder.Database))
        {
            foreach (Charge charge in charges)
            {
                await store.SpendAsync(charge);
                Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
            }
        }

        using EmbeddedStore killed = new(_folder.Database);
        Assert.Equal(200, killed.Counters.Subjects.Count);

        Assert.True(await killed.Keeper.MergeAsync(CancellationToken.None));
        await killed.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);

        Assert.Equal((0L, 200L), (killed.Count("counter_log"), killed.Count("counters")));
        Assert.Empty(killed.Counters.Subjects);
        Assert.All(await killed.UsedAsync(charges), used => Assert.Equal(1, used));
    }

    [Fact]
    public async Task SaveAsync_carries_the_log_over_within_a_minute_and_leaves_out_what_is_saved_again()
    {
        using EmbeddedStore store = new(_folder.Database);
        Charge busy = Quota(Key("busy"), "quota", 1_000);
        await store.SpendAsync(busy);
        Assert.True(await store.Keeper.MergeAsync(CancellationToken.None));
        store.Database.Write(session => session.Execute("DELETE FROM counters"));
        Charge[] idle = [.. Enumerable.Range(0, 10).Select(i => Quota(Key("idle" + i), "quota", 9))];
        await store.SpendAsync(idle);

        for (int second = 0; second < 100; second++)
        {
            await store.SpendAsync(busy);
            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
            Assert.Equal(second <= 60 ? 0L : 10, store.Count("counters"));
            store.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.DoesNotContain(
            "busy", (string)store.Database.Read(session => session.Scalar("SELECT group_concat(subject_id) FROM counters"))!, StringComparison.Ordinal);
        Assert.InRange(store.Count("counter_log"), 1, 40);
    }

    [Fact]
    public async Task A_quota_that_a_start_found_leaves_the_table_when_its_period_is_over()
    {
        FakeTimeProvider time;
        using (EmbeddedStore store = new(_folder.Database))
        {
            time = store.Time;
            await store.SpendAsync(Quota(Key("k1"), "hour", 9), Quota(Key("k1"), "life", 9, seconds: 0));
            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
        }

        using EmbeddedStore killed = new(_folder.Database, time);
        Assert.True(await killed.Keeper.MergeAsync(CancellationToken.None));
        Assert.Equal(2L, killed.Count("counters"));
        time.Advance(TimeSpan.FromHours(1));

        await killed.Keeper.SweepAsync(TimeSpan.FromMinutes(10), CancellationToken.None);

        Assert.Equal("life", killed.Database.Read(session => session.Scalar("SELECT group_concat(name) FROM counters")));
    }

    [Fact]
    public async Task A_rate_that_soon_no_longer_counts_stays_in_the_log_and_one_of_an_hour_gets_into_the_table()
    {
        Charge minute = Rate(Key("k1"), "minute", 9, seconds: 110), hour = Rate(Key("k2"), "hour", 9, seconds: 3600);
        FakeTimeProvider time;
        using (EmbeddedStore store = new(_folder.Database))
        {
            time = store.Time;
            await store.SpendAsync(minute, hour);
            for (int save = 0; save < 5; save++)
            {
                Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));
                time.Advance(TimeSpan.FromSeconds(20));
            }

            Assert.Equal("hour", store.Database.Read(session => session.Scalar("SELECT group_concat(name) FROM counters")));
            Assert.Equal(1L, store.Count("counter_log"));
        }

        using EmbeddedStore killed = new(_folder.Database, time);
        Assert.Equal([1L, 1], await killed.UsedAsync(minute, hour));
        time.Advance(TimeSpan.FromSeconds(60));
        Assert.True(await killed.Keeper.SaveAsync(CancellationToken.None));
        Assert.True(await killed.Keeper.SaveAsync(CancellationToken.None));

        Assert.Equal((0L, 1L), (killed.Count("counter_log"), killed.Count("counters")));
    }

    [Fact]
    public async Task What_is_saved_when_the_log_has_just_been_emptied_is_not_removed_with_what_was_in_it()
    {
        Charge before = Quota(Key("k1"), "quota", 9), after = Quota(Key("k2"), "quota", 9);
        using (EmbeddedStore store = new(_folder.Database))
        {
            await store.SpendAsync(before);
            Assert.True(await store.Keeper.SaveAsync(CancellationToken.None));

            // The keeper gives turns in the order in which they are asked for, so each of its steps is followed by a look at the log.
            bool isSpent = false;
            using ManualResetEventSlim isHeld = new(), mayBegin = new();
            Task holding = Task.Run(() => store.Keeper.ChangeAsync(
                () =>
                {
                    isHeld.Set();
                    mayBegin.Wait();
                },
                CancellationToken.None).AsTask());
            isHeld.Wait();
            Task<bool> merging = store.Keeper.MergeAsync(CancellationToken.None).AsTask();
            Task looking = Task.Run(async () =>
            {
                while (!isSpent)
                {
                    await store.Keeper.ChangeAsync(
                        () =>
                        {
                            if (store.Count("counter_log") == 0)
                            {
                                store.Counters.SpendNow(Spend(after));
                                isSpent = true;
                            }
                        },
                        CancellationToken.None);
                }
            });
            mayBegin.Set();
            await Task.WhenAll(holding, looking);
            Assert.True(await merging);
        }

        using EmbeddedStore killed = new(_folder.Database);

        Assert.Equal([1L, 1], await killed.UsedAsync(before, after));
    }
}
