using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions.Groups;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>Several questions are decided together: all spend or none does, on keys as they are now.</summary>
public sealed class GroupDecisionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(12);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_key_of_the_group_that_another_replica_switched_off_refuses_and_nothing_is_spent(int which)
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey[] keys = [await writer.CreateKeyAsync(Sample.OwnKey(rate: 10)), await writer.CreateKeyAsync(Sample.OwnKey(rate: 10))];
        await DecideAsync(reader, keys);

        await writer.UpdateAsync(keys[which], before => before with { IsInactive = true });
        Verdict[] verdicts = await DecideAsync(reader, keys);
        await writer.UpdateAsync(keys[which], before => before with { IsInactive = false });
        Verdict[] after = await DecideAsync(reader, keys);

        Assert.Equal(Reason.KeyInactive, verdicts[which].Reason);
        Assert.Equal(Reason.Allowed, verdicts[1 - which].Reason);
        Assert.Equal([8L, 8L], after.Select(verdict => verdict.Outcomes[0].Remaining));
    }

    [Fact]
    public async Task A_key_without_limits_that_another_replica_deleted_is_refused_too()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime writer = await TestRuntime.StartAsync(shared: store);
        await using TestRuntime reader = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await writer.CreateKeyAsync(Sample.OwnKey());
        Verdict[] before = await DecideAsync(reader, key);

        await writer.Keys.DeleteAsync(key.Record.Key.Id, "", CancellationToken.None);
        Verdict[] gone = await DecideAsync(reader, key);

        Assert.Equal((Reason.Allowed, Reason.KeyUnknown), (before[0].Reason, gone[0].Reason));
    }

    [Theory]
    [InlineData(StoreFailureMode.Deny, Reason.StoreUnavailable)]
    [InlineData(StoreFailureMode.Allow, Reason.Allowed)]
    [InlineData(StoreFailureMode.Local, Reason.Allowed)]
    public async Task A_store_that_fails_is_answered_for_by_the_policy(StoreFailureMode mode, Reason reason)
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await runtime.CreateKeyWithAsync(Failing("gold", mode, rate: 1));
        await DecideAsync(runtime, key);
        runtime.Time.Advance(TimeSpan.FromMinutes(2));
        store.IsDown = true;

        Verdict[] first = await DecideAsync(runtime, key);
        Verdict[] second = await DecideAsync(runtime, key);

        Assert.Equal((reason, true), (first[0].Reason, first[0].IsDegraded));

        // Only what is counted in this replica comes to an end.
        Assert.Equal(mode == StoreFailureMode.Local ? Reason.RateLimited : reason, second[0].Reason);
    }

    [Fact]
    public async Task A_policy_s_limits_fail_by_the_policy_as_well_and_a_refusal_spends_nothing_more()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        await runtime.CreateAsync(Failing("deny", StoreFailureMode.Deny, rate: 5));
        await runtime.CreateAsync(Failing("local", StoreFailureMode.Local, rate: 1));
        store.IsDown = true;

        Verdict[] both = await DecideAsync(runtime, OfPolicy("deny"), OfPolicy("local"));
        Verdict[] alone = await DecideAsync(runtime, OfPolicy("local"));

        Assert.Equal([Reason.StoreUnavailable, Reason.Allowed], both.Select(verdict => verdict.Reason));
        Assert.Equal(Reason.Allowed, alone[0].Reason);
    }

    [Fact]
    public async Task A_key_that_is_not_in_memory_is_refused_while_the_store_fails()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        CreatedKey key = await runtime.CreateKeyWithAsync(Failing("gold", StoreFailureMode.Allow, rate: 1));
        runtime.Records.Forget(key.Record.Key.Id);
        store.IsDown = true;

        Verdict[] verdicts = await DecideAsync(runtime, key);

        Assert.Equal(Reason.StoreUnavailable, verdicts[0].Reason);
    }

    [Fact]
    public async Task A_key_that_only_groups_ask_for_goes_on_serving_when_the_store_fails()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(options => options.MaxStale = TimeSpan.FromMinutes(5), shared: store);
        CreatedKey key = await runtime.CreateKeyWithAsync(Failing("gold", StoreFailureMode.Allow, rate: 100));
        await DecideAsync(runtime, key);
        runtime.Time.Advance(TimeSpan.FromMinutes(4));
        await DecideAsync(runtime, key);
        runtime.Time.Advance(TimeSpan.FromMinutes(4));
        store.IsDown = true;

        Verdict fresh = (await DecideAsync(runtime, key))[0];
        runtime.Time.Advance(TimeSpan.FromMinutes(2));
        Verdict stale = (await DecideAsync(runtime, key))[0];

        Assert.Equal((Reason.Allowed, Reason.StoreUnavailable), (fresh.Reason, stale.Reason));
    }

    [Fact]
    public async Task Failing_stores_and_shadows_are_logged()
    {
        await using SharedStore store = await SharedStore.OpenAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(shared: store);
        CreatedKey shadowed = await runtime.CreateKeyWithAsync(
            Sample.Policy("shadow", rate: 1) with { Behavior = new LimitBehavior(null, null, null, null, Enforcement.Shadow) });
        await DecideAsync(runtime, shadowed);
        Verdict second = (await DecideAsync(runtime, shadowed))[0];
        store.IsDown = true;
        await DecideAsync(runtime, shadowed);
        runtime.Records.Forget(shadowed.Record.Key.Id);
        await DecideAsync(runtime, shadowed);

        Assert.Equal((Reason.Allowed, Reason.RateLimited), (second.Reason, second.ShadowedReason));
        Assert.Single(runtime.Log.Of("Shadowed"));
        Assert.Single(runtime.Log.Of("CounterStoreFailed"));
        Assert.Single(runtime.Log.Of("KeyStoreFailed"));
    }

    [Fact]
    public async Task A_caller_that_gave_up_is_charged_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyAsync(Sample.OwnKey(rate: 10));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Groups(runtime).DecideAsync(
            [OfKey(key)], Patience, new CancellationToken(canceled: true)));

        Assert.Equal(9, (await DecideAsync(runtime, key))[0].Outcomes[0].Remaining);
    }

    private static Policy Failing(string id, StoreFailureMode mode, double rate) =>
        Sample.Policy(id, rate: rate) with { Behavior = new LimitBehavior(mode, null, null, null, null) };

    private static GroupedCall OfKey(CreatedKey key) => GroupedCall.OfKey(key.ApiKey, new AccessRequest(Sample.Api, "GET", "/1"), 1);

    private static GroupedCall OfPolicy(string id) => GroupedCall.OfPolicy(id, new Subject(SubjectKind.Descriptor, "tenant"), null, 1);

    private static GroupDecisions Groups(TestRuntime runtime) => runtime.Services.GetRequiredService<GroupDecisions>();

    private static Task<Verdict[]> DecideAsync(TestRuntime runtime, params CreatedKey[] keys) =>
        DecideAsync(runtime, [.. keys.Select(OfKey)]);

    private static async Task<Verdict[]> DecideAsync(TestRuntime runtime, params GroupedCall[] calls) =>
        await Groups(runtime).DecideAsync(calls, Patience, CancellationToken.None);
}
