using System.Diagnostics;
using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Administration;

/// <summary>Replicas that remove expired keys from one store at once.</summary>
public sealed class SharedSweepTests
{
    [Fact]
    public async Task Three_sweeps_at_once_remove_each_key_once_and_no_other()
    {
        const int Due = 60;
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime first = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime second = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime third = await TestRuntime.StartAsync(shared: store);
        for (int number = 0; number < 2 * Due; number++)
        {
            await first.CreateKeyAsync(Sample.OwnKey() with
            {
                Expires = first.NowSeconds + 10,
                PostExpiryAction = number % 2 == 0 ? "delete" : "",
            });
        }

        store.Time.Advance(TimeSpan.FromSeconds(11));
        using Barrier listed = new(3);
        TestRuntime[] replicas = [first, second, third];
        foreach (TestRuntime replica in replicas)
        {
            // All of them have read the page before any of them removes.
            replica.KeyStore.AfterList = () =>
            {
                replica.KeyStore.AfterList = null;
                return Task.Run(listed.SignalAndWait);
            };
        }

        int[] removed = await Task.WhenAll(replicas.Select(replica => replica.ExpiredKeys.SweepAsync(CancellationToken.None)));

        Assert.Equal(Due, removed.Sum());
        Assert.Equal(Due, await store.Keys.CountAsync(KeyFilter.All, CancellationToken.None));
    }

    [Fact]
    public async Task A_key_that_another_replica_gives_more_time_while_it_is_swept_stays()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime sweeper = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyAsync(Sample.OwnKey(quota: 5) with { Expires = writer.NowSeconds + 10, PostExpiryAction = "delete" });
        await writer.AskAsync(key);
        store.Time.Advance(TimeSpan.FromSeconds(11));
        sweeper.KeyStore.AfterList = () =>
        {
            sweeper.KeyStore.AfterList = null;
            return writer.UpdateAsync(key, before => before with { Expires = writer.NowSeconds + 100 }, namesExpires: true);
        };

        int removed = await sweeper.ExpiredKeys.SweepAsync(CancellationToken.None);
        Verdict verdict = await sweeper.AskAsync(key);

        Assert.Equal((0, Reason.Allowed, 3L), (removed, verdict.Reason, verdict.Outcomes[0].Remaining));
    }

    [Fact]
    public async Task A_pass_that_fails_is_logged_and_the_next_one_runs()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        await runtime.CreateKeyAsync(Sample.OwnKey() with { Expires = runtime.NowSeconds + 10, PostExpiryAction = "delete" });
        store.IsDown = true;
        await PassAsync(runtime, () => runtime.Log.Of("SweepFailed").Length > 0);
        store.IsDown = false;

        await PassAsync(runtime, () => runtime.Log.Of("ExpiredKeysRemoved").Length > 0);

        Assert.Equal(0, await store.Keys.CountAsync(KeyFilter.All, CancellationToken.None));
    }

    // The pass says what came of it in the log.
    private static async Task PassAsync(TestRuntime runtime, Func<bool> hasEnded)
    {
        Stopwatch patience = Stopwatch.StartNew();
        while (!hasEnded())
        {
            // Only so that a test that waits in vain ends; nothing is measured.
            Assert.True(patience.Elapsed < TimeSpan.FromSeconds(60), "No pass ended.");
            runtime.Time.Advance(ExpiredKeySweep.Interval);
            await Task.Yield();
        }
    }
}
