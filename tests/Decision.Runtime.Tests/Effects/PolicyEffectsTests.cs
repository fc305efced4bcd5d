using System.Collections.Immutable;
using Decision.Engine.Effects;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Effects;
using Decision.Runtime.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Effects;

/// <summary>What a plan changes, counted over the keys.</summary>
public sealed class PolicyEffectsTests
{
    [Fact]
    public async Task CountAsync_counts_each_key_once_and_names_some()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("one", rate: 10));
        await runtime.CreateAsync(Sample.Policy("two", rate: 20));
        await runtime.CreateAsync(Sample.Policy("three", rate: 5));
        CreatedKey both = await runtime.CreateKeyAsync(Sample.Key("one", "two"));
        for (int number = 0; number < 7; number++)
        {
            await runtime.CreateKeyAsync(Sample.Key("one"));
        }

        await runtime.CreateKeyAsync(Sample.Key("three"));
        await runtime.CreateKeyAsync(Sample.Key("one") with { IsInactive = true });

        PolicyEffect effect = await CountAsync(runtime, Wanted(Sample.Policy("one", rate: 1), Sample.Policy("two", rate: 2)));

        Assert.Equal((9, 9, 8), (effect.KeysUsing, effect.KeysLookedAt, effect.KeysChanged));
        Assert.False(effect.IsPartial);
        Assert.Equal(["7 Rate orders 10/60s 1/60s", "1 Rate orders 20/60s 2/60s"], effect.Effects.Select(Told));
        Assert.Equal(5, effect.Effects[0].SampleKeyIds.Count);
        Assert.Equal([both.Record.Key.Id], effect.Effects[1].SampleKeyIds);
    }

    [Fact]
    public async Task CountAsync_of_more_keys_than_asked_for_says_that_it_is_a_part_and_how_far_it_is()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("one", rate: 10));
        await runtime.CreateAsync(Sample.Policy("two", rate: 10));
        for (int number = 0; number < 300; number++)
        {
            await runtime.CreateKeyAsync(Sample.Key(number % 2 == 0 ? "one" : "two"));
        }

        WantedPolicies wanted = Wanted(Sample.Policy("one", rate: 1), Sample.Policy("two", rate: 1));
        List<(long Looked, long Total)> progress = [];
        PolicyEffect all = await CountAsync(runtime, wanted, progress: progress);
        PolicyEffect part = await CountAsync(runtime, wanted, maxKeys: 200);
        PolicyEffect none = await CountAsync(runtime, wanted, maxKeys: 0);

        Assert.Equal([(150, 300), (300, 300)], progress);
        Assert.Equal((300, 300, false), (all.KeysUsing, all.KeysLookedAt, all.IsPartial));
        Assert.Equal((300, 200, true), (part.KeysUsing, part.KeysLookedAt, part.IsPartial));
        Assert.Equal(200, Assert.Single(part.Effects).Keys);
        Assert.Equal((300, 0, true), (none.KeysUsing, none.KeysLookedAt, none.IsPartial));
    }

    [Fact]
    public async Task CountAsync_of_keys_that_each_change_in_another_way_is_bounded()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("one"));
        for (int number = 0; number < 1_010; number++)
        {
            await runtime.CreateKeyAsync(Sample.Key("one") with { Limits = Sample.Limits(rate: number + 1) });
        }

        PolicyEffect effect = await CountAsync(runtime, Wanted(Sample.Policy("one") with { Partitions = new Partitions { Acl = true } }));

        Assert.Equal(1_000, effect.Effects.Count);
        Assert.True(effect.HasMoreEffects);
        Assert.Equal(1_010, effect.KeysChanged);
    }

    [Fact]
    public async Task CountAsync_after_the_plan_was_applied_says_the_same()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateKeyWithAsync(Sample.Policy("gold"));
        WantedPolicies wanted = Wanted(Sample.Policy("gold", api: "invoices"));
        PolicyEffect before = await CountAsync(runtime, wanted);

        PolicyPlan done = await runtime.Services.GetRequiredService<PolicyPlans>().ApplyAsync(wanted, false, "", CancellationToken.None);
        PolicyEffect after = await runtime.Services.GetRequiredService<PolicyEffects>().CountAsync(done, 10, null, CancellationToken.None);

        Assert.Equal([(EffectKind.ApiGained, "invoices"), (EffectKind.ApiLost, "orders")], before.Effects.Select(one => (one.Effect.Kind, one.Effect.ApiId)).OrderBy(one => one.ApiId));
        Assert.Equal(before.Effects.Select(Told), after.Effects.Select(Told));
    }

    private static async Task<PolicyEffect> CountAsync(
        TestRuntime runtime, WantedPolicies wanted, long maxKeys = long.MaxValue, List<(long, long)>? progress = null)
    {
        PolicyPlan plan = await runtime.Services.GetRequiredService<PolicyPlans>().MakeAsync(wanted, CancellationToken.None);
        return await runtime.Services.GetRequiredService<PolicyEffects>().CountAsync(
            plan,
            maxKeys,
            (looked, total) =>
            {
                progress?.Add((looked, total));
                return default;
            },
            CancellationToken.None);
    }

    private static WantedPolicies Wanted(params Policy[] policies) =>
        new(policies.ToImmutableDictionary(policy => policy.Id, StringComparer.Ordinal), []);

    private static string Told(EffectCount count) =>
        $"{count.Keys} {count.Effect.Kind} {count.Effect.ApiId} {count.Effect.Before} {count.Effect.After}";
}
