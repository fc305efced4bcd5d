using Decision.Engine;
using Decision.Engine.Grants;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>A failing store is an answer.</summary>
public sealed class StoreFailureTests
{
    private const StoreFailureMode Deny = StoreFailureMode.Deny;
    private const StoreFailureMode Local = StoreFailureMode.Local;
    private const StoreFailureMode Allow = StoreFailureMode.Allow;

    [Fact]
    public async Task A_key_that_is_not_in_memory_is_refused_in_every_mode_and_the_failure_is_logged()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(ServerAllows);
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        runtime.KeyStore.Fails = true;

        Verdict token = await runtime.AskAsync(key);
        Verdict custom = await runtime.AskAsync("partner-key-0123456789");

        Assert.All([token, custom], verdict => Assert.Equal(
            (false, Reason.StoreUnavailable, true), (verdict.IsAllowed, verdict.Reason, verdict.IsDegraded)));
        Assert.Single(runtime.Log.Of("KeyStoreFailed"));
        Assert.Equal(2, runtime.Metrics.Count(Reason.StoreUnavailable));
    }

    [Fact]
    public async Task A_key_in_memory_serves_while_the_keys_do_not_answer()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        await runtime.AskAsync(key);
        runtime.KeyStore.Fails = true;

        Verdict verdict = await runtime.AskAsync(key);

        Assert.Equal((true, false), (verdict.IsAllowed, verdict.IsDegraded));
    }

    [Fact]
    public async Task It_recovers_by_itself()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5));
        runtime.KeyStore.Fails = true;
        await runtime.AskAsync(key);
        runtime.KeyStore.Fails = false;
        runtime.Counters.Failure = CounterFailure.Later;
        await runtime.AskAsync(key);
        runtime.Counters.Failure = CounterFailure.None;

        Verdict verdict = await runtime.AskAsync(key);

        Assert.Equal((Reason.Allowed, false, 4L), (verdict.Reason, verdict.IsDegraded, verdict.Outcomes[0].Remaining));
    }

    [Theory]
    [InlineData(null, null, false)]
    [InlineData(Deny, Allow, false)]
    [InlineData(Allow, Deny, false)]
    [InlineData(Local, Allow, false)]
    [InlineData(Allow, Allow, true)]
    public async Task The_strictest_of_the_limits_decides_when_the_counters_fail(StoreFailureMode? rate, StoreFailureMode? quota, bool isAllowed)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(
            Sample.Policy("gold", rate: 5, quota: 5) with { Behavior = new LimitBehavior(null, rate, quota, null, null) });

        foreach (CounterFailure failure in (CounterFailure[])[CounterFailure.AtOnce, CounterFailure.Later])
        {
            runtime.Counters.Failure = failure;
            Verdict verdict = await runtime.AskAsync(key);

            Assert.Equal(
                (isAllowed, isAllowed ? Reason.Allowed : Reason.StoreUnavailable, true), (verdict.IsAllowed, verdict.Reason, verdict.IsDegraded));
            Assert.Equal(key.Record.Key.Id, verdict.Grant!.KeyId);
        }

        Assert.Single(runtime.Log.Of("CounterStoreFailed"));
        Assert.All(runtime.Log.Lines, line => Assert.DoesNotContain(key.ApiKey, line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Allow_replaces_counters_only()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(ServerAllows);
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 5));
        runtime.Counters.Failure = CounterFailure.AtOnce;

        Verdict granted = await runtime.AskAsync(key);
        Verdict elsewhere = await runtime.AskAsync(key, api: "billing");
        await runtime.UpdateAsync(key, before => before with { IsInactive = true });

        Assert.Equal((true, true), (granted.IsAllowed, granted.IsDegraded));
        Assert.Equal(Reason.ApiNotGranted, elsewhere.Reason);
        Assert.Equal(Reason.KeyInactive, (await runtime.AskAsync(key)).Reason);
    }

    [Fact]
    public async Task A_limit_in_shadow_does_not_refuse_when_the_counters_fail()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(
            Sample.Policy("gold", rate: 5) with { Behavior = new LimitBehavior(Deny, null, null, null, Enforcement.Shadow) });
        runtime.Counters.Failure = CounterFailure.Later;

        Verdict verdict = await runtime.AskAsync(key);

        Assert.Equal((true, true, Reason.Unspecified), (verdict.IsAllowed, verdict.IsDegraded, verdict.ShadowedReason));
    }

    [Fact]
    public async Task A_failure_is_logged_each_second_at_most_and_its_end_once()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(ServerAllows);
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 1_000));
        await runtime.AskAsync(key);
        runtime.Counters.Failure = CounterFailure.AtOnce;

        await runtime.AskAsync(key, 10);
        string[] first = runtime.Log.Of("CounterStoreFailed");
        runtime.Time.Advance(TimeSpan.FromSeconds(1));
        await runtime.AskAsync(key, 10);
        string[] second = runtime.Log.Of("CounterStoreFailed");
        runtime.Counters.Failure = CounterFailure.None;
        await runtime.AskAsync(key, 10);

        Assert.Contains("(0 failures before were not logged)", Assert.Single(first), StringComparison.Ordinal);
        Assert.Contains("(9 failures before were not logged)", second[1], StringComparison.Ordinal);
        Assert.Equal(2, second.Length);
        Assert.Contains("after 20 failures", Assert.Single(runtime.Log.Of("CounterStoreAnswers")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_fails_now_and_then_does_not_flood_the_log()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(ServerAllows);
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", rate: 1_000));
        for (int request = 0; request < 20; request++)
        {
            runtime.Counters.Failure = request % 2 == 0 ? CounterFailure.Later : CounterFailure.None;
            await runtime.AskAsync(key);
        }

        Assert.Equal((1, 1), (runtime.Log.Of("CounterStoreFailed").Length, runtime.Log.Of("CounterStoreAnswers").Length));
    }

    [Fact]
    public async Task The_end_of_a_failure_of_the_keys_is_logged()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        runtime.KeyStore.Fails = true;
        await runtime.AskAsync(key, 3);
        runtime.KeyStore.Fails = false;
        await runtime.AskAsync(key, 3);

        Assert.Contains("after 3 failures", Assert.Single(runtime.Log.Of("KeyStoreAnswers")), StringComparison.Ordinal);
    }

    private static void ServerAllows(RuntimeOptions options) => options.Engine = EngineOptions.Default with
    {
        Grants = GrantOptions.Default with { OnStoreFailureRate = Allow, OnStoreFailureQuota = Allow },
    };
}
