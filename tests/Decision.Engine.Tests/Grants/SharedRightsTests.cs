using System.Collections.Immutable;
using Decision.Engine.Grants;
using Decision.Engine.Json;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Grants;

/// <summary>Keys with the same policies share one copy of what these come to, and nothing that is their own.</summary>
public sealed class SharedRightsTests
{
    private static readonly GrantOptions Options = GrantOptions.Default;

    [Fact]
    public void Two_keys_with_the_same_policies_share_their_rights_and_count_apart()
    {
        var policies = new PolicySet([Entry("gold", 5), Entry("extra", 9)]);

        var first = GrantCompiler.Compile(Key("first", "gold", "extra"), policies, Options);
        var second = GrantCompiler.Compile(Key("second", "gold", "extra"), policies, Options);

        Assert.Same(first.Merged.Rights, second.Merged.Rights);
        Assert.Same(first.Find("orders")!.Right, second.Find("orders")!.Right);
        Assert.Equal(["first", "second"], new[] { first, second }.Select(grant => grant.Find("orders")!.Rate!.Counter.Subject.Id));
        Assert.Equal(["first", "second"], new[] { first, second }.Select(grant => grant.Find("orders")!.EndpointRates.Single().Counter.Subject.Id));
        Assert.Equal(9, second.Find("orders")!.Rate!.Max);
    }

    [Fact]
    public void A_key_that_was_read_shares_as_one_that_was_made()
    {
        var policies = new PolicySet([Entry("gold", 5)]);
        using var json = System.Text.Json.JsonDocument.Parse("""{"apply_policies":["gold"],"rate":0,"quota_max":0,"metadata":{}}""");
        var made = GrantCompiler.Compile(Key("key", "gold"), policies, Options);

        var read = GrantCompiler.Compile(KeyJson.Read(json.RootElement, [])!, policies, Options);

        Assert.Same(made.Merged.Rights, read.Merged.Rights);
    }

    [Fact]
    public void A_right_is_the_same_object_at_each_look()
    {
        var grant = GrantCompiler.Compile(Key("key", "gold"), new PolicySet([Entry("gold", 5)]), Options);

        Assert.Same(grant.Find("orders"), grant.Find("orders"));
        Assert.Same(grant.Find("orders"), grant.Apis.Single().Value);
    }

    [Fact]
    public void A_key_that_says_something_itself_shares_nothing()
    {
        var policies = new PolicySet([Entry("gold", 5) is var gold ? gold with { Policy = gold.Policy with { Partitions = new Partitions { Acl = true } } } : gold]);
        var plain = GrantCompiler.Compile(Key("plain", "gold"), policies, Options);

        var limited = Key("limited", "gold") with { Limits = new LimitSettings { Rate = new RateSettings(2, 1) } };
        var shadowed = Key("shadowed", "gold") with { Behavior = new LimitBehavior { OnStoreFailure = StoreFailureMode.Deny } };
        var named = Key("named", "gold") with { AccessRights = plain.Merged.Policies[0].Policy.AccessRights.SetItem("orders", Limited(3)) };

        Assert.Null(plain.Find("orders")!.Rate);
        Assert.Equal(2, GrantCompiler.Compile(limited, policies, Options).Find("orders")!.Rate!.Max);
        Assert.Equal(3, GrantCompiler.Compile(named, policies, Options).Find("orders")!.Rate!.Max);
        Assert.NotSame(plain.Merged.Rights, GrantCompiler.Compile(shadowed, policies, Options).Merged.Rights);
        Assert.Null(GrantCompiler.Compile(Key("later", "gold"), policies, Options).Find("orders")!.Rate);
    }

    [Fact]
    public void An_edited_policy_is_not_mixed_up_with_what_it_was()
    {
        var gold = Entry("gold", 5);
        var before = GrantCompiler.Compile(Key("key", "extra", "gold"), new PolicySet([Entry("extra", 1), gold]), Options);
        var extra = before.Merged.Policies[0];

        var after = GrantCompiler.Compile(Key("key", "extra", "gold"), new PolicySet([extra, Entry("gold", 7)]), Options);

        Assert.Equal([5, 7], new[] { before, after }.Select(grant => grant.Find("orders")!.Rate!.Max));
    }

    [Fact]
    public void Other_settings_are_not_mixed_up_with_these()
    {
        var policies = new PolicySet([Entry("gold", 5)]);

        var here = GrantCompiler.Compile(Key("key", "gold"), policies, Options);
        var there = GrantCompiler.Compile(Key("key", "gold"), policies, Options with { Enforcement = Enforcement.Shadow });

        Assert.Equal([false, true], new[] { here, there }.Select(grant => grant.Find("orders")!.Rate!.IsShadow));
    }

    [Fact]
    public void Many_lists_that_begin_with_one_policy_are_each_merged_right_and_once()
    {
        var others = Enumerable.Range(0, 3_000).Select(number => Entry($"other-{number}", 10 + number)).ToArray();
        var policies = new PolicySet([Entry("gold", 5), .. others]);
        var grants = new Grant[others.Length];

        for (int round = 0; round < 2; round++)
        {
            for (int number = 0; number < others.Length; number++)
            {
                var grant = GrantCompiler.Compile(Key($"key-{number}", "gold", $"other-{number}"), policies, Options);
                Assert.Equal(10 + number, grant.Find("orders")!.Rate!.Max);
                if (round == 1)
                {
                    Assert.Same(grants[number].Merged.Rights, grant.Merged.Rights);
                }

                grants[number] = grant;
            }
        }
    }

    [Fact]
    public void Rights_that_no_grant_has_any_more_leave_memory()
    {
        var policies = new PolicySet([Entry("gold", 5)]);
        WeakReference rights = Compiled(policies);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.False(rights.IsAlive);
        Assert.Equal(5, GrantCompiler.Compile(Key("key", "gold"), policies, Options).Find("orders")!.Rate!.Max);

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static WeakReference Compiled(PolicySet policies) => new(GrantCompiler.Compile(Key("key", "gold"), policies, Options).Merged.Rights);
    }

    [Fact]
    public void Tags_and_metadata_of_a_key_stay_its_own()
    {
        var gold = Entry("gold", 5);
        var policies = new PolicySet([gold with { Policy = gold.Policy with { Tags = ["paid", "eu"] } }]);

        var tagged = GrantCompiler.Compile(Key("tagged", "gold") with { Tags = ["eu", "beta", "eu"] }, policies, Options);
        var plain = GrantCompiler.Compile(Key("plain", "gold"), policies, Options);

        Assert.Equal(["eu", "beta", "paid"], tagged.Merged.Tags);
        Assert.Equal(["paid", "eu"], plain.Merged.Tags);
        Assert.Same(tagged.Merged.Rights, plain.Merged.Rights);
    }

    private static Key Key(string id, params ImmutableArray<string> policies) => new() { Id = id, ApplyPolicies = policies };

    private static AccessRight Limited(double rate) => new() { Limit = new LimitSettings { Rate = new RateSettings(rate, 1) } };

    private static PolicyEntry Entry(string id, long rate) => new(
        new Policy
        {
            Id = id,
            Limits = new LimitSettings { Rate = new RateSettings(rate, 1) },
            AccessRights = ImmutableSortedDictionary<string, AccessRight>.Empty.WithComparers(StringComparer.Ordinal).Add("orders", new AccessRight
            {
                Endpoints = [new EndpointRight("/items", [new EndpointMethod("GET", new RateSettings(1, 1))])],
            }),
        },
        1,
        "store");
}
