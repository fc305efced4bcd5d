using Decision.Engine;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>How long a key in memory serves while the shared store fails.</summary>
public sealed class StaleKeyTests
{
    private static readonly TimeSpan MaxStale = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_key_serves_for_MaxStale_after_the_store_last_confirmed_it(bool hasLimits)
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await runtime.CreateKeyWithAsync(Allowing(hasLimits ? 100 : -1));
        await runtime.AskAsync(key);
        store.Time.Advance(MaxStale);

        // Compared here, long after it was read.
        Assert.False((await runtime.AskAsync(key)).IsDegraded);
        store.IsDown = true;
        store.Time.Advance(MaxStale - TimeSpan.FromMilliseconds(1));
        Verdict inTime = await runtime.AskAsync(key);
        store.Time.Advance(TimeSpan.FromMilliseconds(1));
        Verdict late = await runtime.AskAsync(key);
        store.IsDown = false;
        Verdict again = await runtime.AskAsync(key);

        Assert.Equal((Reason.Allowed, true), (inTime.Reason, inTime.IsDegraded));
        Assert.Equal((Reason.StoreUnavailable, true), (late.Reason, late.IsDegraded));
        Assert.Equal((Reason.Allowed, false), (again.Reason, again.IsDegraded));
    }

    [Fact]
    public async Task A_key_that_was_only_read_serves_for_MaxStale_from_then_on()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(options => options.MaxStale = TimeSpan.FromSeconds(10), shared: store);
        CreatedKey key = await runtime.CreateKeyWithAsync(Allowing(100));
        runtime.Counters.Failure = CounterFailure.AtOnce;
        Verdict first = await runtime.AskAsync(key);
        store.Time.Advance(TimeSpan.FromSeconds(10));

        Verdict late = await runtime.AskAsync(key);

        Assert.Equal([Reason.Allowed, Reason.StoreUnavailable], new[] { first.Reason, late.Reason });
    }

    [Fact]
    public async Task A_denial_of_a_stale_key_stays_a_denial()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await runtime.CreateKeyWithAsync(Allowing(100));
        await runtime.AskAsync(key);
        store.IsDown = true;
        store.Time.Advance(MaxStale);

        Assert.Equal(Reason.ApiNotGranted, (await runtime.AskAsync(key, api: "billing")).Reason);
    }

    [Fact]
    public async Task With_MaxStale_zero_no_key_serves_without_the_store()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(options => options.MaxStale = TimeSpan.Zero, shared: store);
        CreatedKey key = await runtime.CreateKeyWithAsync(Allowing(100));
        await runtime.AskAsync(key);
        store.IsDown = true;

        Assert.Equal(Reason.StoreUnavailable, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task The_embedded_store_knows_no_stale_keys()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(options => options.MaxStale = TimeSpan.Zero);
        CreatedKey key = await runtime.CreateKeyWithAsync(Allowing(100));
        await runtime.AskAsync(key);
        runtime.Time.Advance(TimeSpan.FromDays(1));
        runtime.Counters.Failure = CounterFailure.AtOnce;

        Assert.True((await runtime.AskAsync(key)).IsAllowed);
    }

    private static Engine.Policies.Policy Allowing(double rate) =>
        Sample.Policy("gold", rate: rate) with { Behavior = new LimitBehavior(StoreFailureMode.Allow, null, null, null, null) };
}
