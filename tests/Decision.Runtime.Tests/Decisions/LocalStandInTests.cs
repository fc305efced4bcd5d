using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Limits;
using Decision.Engine.Organizations;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>While the shared store fails, <c>local</c> counts in this replica with its share of each limit.</summary>
public sealed class LocalStandInTests
{
    private const StoreFailureMode Deny = StoreFailureMode.Deny;
    private const StoreFailureMode Local = StoreFailureMode.Local;
    private const StoreFailureMode Allow = StoreFailureMode.Allow;

    [Theory]
    [InlineData(RateAlgorithm.SlidingLog, 0, 3)]
    [InlineData(RateAlgorithm.FixedWindow, 0, 3)]
    [InlineData(RateAlgorithm.SlidingWindow, 0, 3)]
    [InlineData(RateAlgorithm.TokenBucket, 0, 3)]
    [InlineData(RateAlgorithm.TokenBucket, 6, 2)]
    public async Task A_replica_admits_its_share_of_a_rate_and_then_refuses_as_ever(RateAlgorithm algorithm, long burst, int share)
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await StartAsync(store, replicas: 3);
        CreatedKey key = await runtime.CreateKeyWithAsync(Counting(Local) with
        {
            Limits = new LimitSettings { Rate = new RateSettings(10, 60, algorithm, burst), Quota = new QuotaSettings(-1, 0) },
        });
        await runtime.AskAsync(key);
        store.IsDown = true;

        Reason[] reasons = await runtime.AskAsync(key, share + 1);
        Verdict refused = await runtime.AskAsync(key);
        store.IsDown = false;
        Verdict after = await runtime.AskAsync(key);

        Assert.Equal([.. Enumerable.Repeat(Reason.Allowed, share), Reason.RateLimited], reasons);
        Assert.Equal((Reason.RateLimited, true, "gold"), (refused.Reason, refused.IsDegraded, refused.Origin));
        Assert.InRange(refused.RetryAfterUs, 1, 120_000_000);
        Assert.Equal((Reason.Allowed, false), (after.Reason, after.IsDegraded));
    }

    [Fact]
    public async Task A_quota_s_share_goes_on_at_the_next_failure_in_its_period()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await StartAsync(store, replicas: 2);
        CreatedKey key = await runtime.CreateKeyWithAsync(Counting(Local, quota: 7));
        await runtime.AskAsync(key);
        store.IsDown = true;
        Verdict first = await runtime.AskAsync(key);
        store.IsDown = false;
        await runtime.AskAsync(key);
        store.IsDown = true;

        Reason[] again = await runtime.AskAsync(key, 3);

        Assert.Equal((Reason.Allowed, true, 3L, 2L), (first.Reason, first.IsDegraded, first.Charges[0].Max, first.Outcomes[0].Remaining));
        Assert.Equal([Reason.Allowed, Reason.Allowed, Reason.QuotaExceeded], again);
    }

    [Theory]
    [InlineData(Local, Deny, Reason.StoreUnavailable, Reason.StoreUnavailable)]
    [InlineData(Deny, Local, Reason.StoreUnavailable, Reason.StoreUnavailable)]
    [InlineData(Local, Allow, Reason.Allowed, Reason.RateLimited)]
    [InlineData(Allow, Local, Reason.Allowed, Reason.QuotaExceeded)]
    [InlineData(Allow, Allow, Reason.Allowed, Reason.Allowed)]
    [InlineData(Local, Local, Reason.Allowed, Reason.RateLimited)]
    public async Task Each_charge_has_its_own_mode(StoreFailureMode rate, StoreFailureMode quota, Reason first, Reason second)
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await StartAsync(store, replicas: 10);
        CreatedKey key = await runtime.CreateKeyWithAsync(
            Sample.Policy("gold", rate: 10, quota: 10) with { Behavior = new LimitBehavior(null, rate, quota, null, null) });
        await runtime.AskAsync(key);
        foreach (CounterFailure failure in (CounterFailure[])[CounterFailure.AtOnce, CounterFailure.Later])
        {
            runtime.Counters.Failure = failure;
            Reason expected = failure == CounterFailure.AtOnce ? first : second;

            Verdict verdict = await runtime.AskAsync(key);

            Assert.Equal((expected, true), (verdict.Reason, verdict.IsDegraded));
        }
    }

    [Fact]
    public async Task Limits_of_organisation_and_API_are_shared_over_all_keys_of_the_replica()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await StartAsync(store, replicas: 2, mode: Local);
        await runtime.Organizations.CreateAsync(new Organization { Id = "acme", Rate = new RateSettings(5, 60) }, CancellationToken.None);
        await runtime.Apis.CreateAsync(
            new Api { Id = Sample.Api, OrganizationId = "acme", Rate = new RateSettings(7, 60) }, CancellationToken.None);
        CreatedKey one = await runtime.CreateKeyAsync(Sample.OwnKey() with { OrganizationId = "acme" });
        CreatedKey other = await runtime.CreateKeyAsync(Sample.OwnKey() with { OrganizationId = "acme" });
        runtime.Counters.Failure = CounterFailure.Later;

        Reason[] reasons = [.. await runtime.AskAsync(one, 1), .. await runtime.AskAsync(other, 2)];
        await runtime.Organizations.UpdateAsync("acme", before => before with { Rate = default }, "", CancellationToken.None);
        reasons = [.. reasons, .. await runtime.AskAsync(one, 2)];

        Assert.Equal(
            [Reason.Allowed, Reason.Allowed, Reason.OrganizationRateLimited, Reason.Allowed, Reason.ApiRateLimited], reasons);
    }

    [Fact]
    public async Task A_limit_in_shadow_counts_here_and_never_refuses()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await StartAsync(store, replicas: 10);
        CreatedKey key = await runtime.CreateKeyWithAsync(
            Sample.Policy("gold", rate: 10) with { Behavior = new LimitBehavior(Local, null, null, null, Enforcement.Shadow) });
        runtime.Counters.Failure = CounterFailure.AtOnce;

        await runtime.AskAsync(key);
        Verdict second = await runtime.AskAsync(key);

        Assert.Equal((Reason.Allowed, true, Reason.RateLimited), (second.Reason, second.IsDegraded, second.ShadowedReason));
    }

    [Fact]
    public async Task A_peek_spends_nothing_here_and_a_named_call_spends_once()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await StartAsync(store, replicas: 2);
        CreatedKey key = await runtime.CreateKeyWithAsync(Counting(Local, quota: 10));
        runtime.Counters.Failure = CounterFailure.Later;
        DecisionCall named = Sample.Call(key.ApiKey) with { IdempotencyKey = "i" };

        Verdict peek = await runtime.AskAsync(Sample.Call(key.ApiKey) with { IsPeek = true });
        Verdict first = await runtime.AskAsync(named);
        Verdict again = await runtime.AskAsync(named);
        CallException error = await Assert.ThrowsAsync<CallException>(
            () => runtime.AskAsync(named with { Request = named.Request with { Path = "/2" } }));

        Assert.Equal((true, 5L), (peek.IsDegraded, peek.Outcomes[0].Remaining));
        Assert.Equal((4L, false, 4L, true), (first.Outcomes[0].Remaining, first.IsReplay, again.Outcomes[0].Remaining, again.IsReplay));
        Assert.Equal((true, true), (first.IsDegraded, again.IsDegraded));
        Assert.Equal("idempotency_key", error.Field);
    }

    [Fact]
    public async Task A_public_path_needs_no_counters()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await StartAsync(store, replicas: 2);
        await runtime.Apis.CreateAsync(
            new Api { Id = Sample.Api, ListenPath = "/orders/", Public = [new AllowedUrl("/open", ["GET"])], Rate = new RateSettings(1, 60) },
            CancellationToken.None);
        store.IsDown = true;

        Verdict verdict = await runtime.AskAsync("", api: "", path: "/orders/open");

        Assert.Equal((Reason.Allowed, false), (verdict.Reason, verdict.IsDegraded));
    }

    [Fact]
    public async Task The_share_is_exact_under_concurrency()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await StartAsync(store, replicas: 3);
        CreatedKey key = await runtime.CreateKeyWithAsync(Counting(Local, quota: 1_000));
        runtime.Counters.Failure = CounterFailure.Later;

        Verdict[] verdicts = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(_ => runtime.AskAsync(key)));

        Assert.Equal(333, verdicts.Count(verdict => verdict.IsAllowed));
        Assert.All(verdicts, verdict => Assert.True(verdict.IsDegraded));
    }

    [Fact]
    public async Task Fewer_than_one_replica_and_a_negative_MaxStale_are_refused_at_the_start()
    {
        OptionsValidationException replicas = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestRuntime.StartAsync(options => options.Replicas = 0));
        OptionsValidationException stale = await Assert.ThrowsAsync<OptionsValidationException>(
            () => TestRuntime.StartAsync(options => options.MaxStale = TimeSpan.FromSeconds(-1)));

        Assert.Contains("Replicas", replicas.Message, StringComparison.Ordinal);
        Assert.Contains("MaxStale", stale.Message, StringComparison.Ordinal);
    }

    private static Task<TestRuntime> StartAsync(SharedStore store, int replicas, StoreFailureMode mode = Deny) => TestRuntime.StartAsync(
        options =>
        {
            options.Replicas = replicas;
            options.Engine = EngineOptions.Default with
            {
                Grants = Engine.Grants.GrantOptions.Default with { OnStoreFailureRate = mode, OnStoreFailureQuota = mode },
            };
        },
        shared: store);

    private static Policy Counting(StoreFailureMode mode, long quota = -1) =>
        Sample.Policy("gold", quota: quota) with { Behavior = new LimitBehavior(mode, null, null, null, null) };
}
