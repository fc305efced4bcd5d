using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Effects;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Tests.Effects;

/// <summary>What becomes of a key where one set of policies takes the place of another.</summary>
public sealed class KeyComparisonTests
{
    private const long NowUs = 1_000_000_000;

    private static Policy Gold { get; } = new()
    {
        Id = "gold",
        Limits = new LimitSettings { Rate = new RateSettings(100, 60), Quota = new QuotaSettings(1000, 3600) },
        AccessRights = On("orders", "reports"),
    };

    private static Policy Silver { get; } = Gold with { Id = "silver", AccessRights = On("reports") };

    private static Key GoldKey { get; } = new() { Id = "k", ApplyPolicies = ["gold"] };

    [Fact]
    public void Of_an_api_taken_away_and_one_given() => Assert.Equal(
        [
            new KeyEffect(EffectKind.ApiGained, "invoices", "", "", EffectDirection.Widens),
            new KeyEffect(EffectKind.ApiLost, "orders", "", "", EffectDirection.Narrows),
        ],
        Effects(GoldKey, Gold with { AccessRights = On("invoices", "reports") }));

    [Fact]
    public void Of_limits_that_change_on_every_api_says_it_once() => Assert.Equal(
        [
            new KeyEffect(EffectKind.Rate, "*", "100/60s", "50/60s", EffectDirection.Narrows),
            new KeyEffect(EffectKind.Quota, "*", "1000/3600s", "unlimited", EffectDirection.Widens),
        ],
        Effects(GoldKey, Gold with { Limits = new LimitSettings { Rate = new RateSettings(50, 60), Quota = new QuotaSettings(-1, 0) } }));

    [Fact]
    public void Of_a_limit_that_changes_on_the_only_api_names_it() => Assert.Equal(
        [new KeyEffect(EffectKind.Rate, "reports", "100/60s", "200/60s token_bucket burst 20", EffectDirection.Widens)],
        Effects(
            new Key { ApplyPolicies = ["silver"] },
            Silver with { Limits = Silver.Limits with { Rate = new RateSettings(200, 60, RateAlgorithm.TokenBucket, 20) } },
            Silver));

    [Fact]
    public void Of_another_policy_that_is_more_permissive_says_nothing()
    {
        var key = new Key { ApplyPolicies = ["gold", "silver"] };

        Assert.Equal(
            [new KeyEffect(EffectKind.Rate, "orders", "100/60s", "50/60s", EffectDirection.Narrows)],
            Effects(key, Gold with { Limits = Gold.Limits with { Rate = new RateSettings(50, 60) } }));
    }

    [Fact]
    public void Of_a_quota_that_moves_to_the_api_is_counted_anew()
    {
        var perApi = Gold with
        {
            Partitions = new Partitions { PerApi = true },
            AccessRights = Gold.AccessRights.SetItem("orders", new AccessRight { ApiId = "orders", Limit = new LimitSettings { Quota = new QuotaSettings(1000, 3600) } }),
        };

        Assert.Equal([new KeyEffect(EffectKind.QuotaCounter, "orders", "policy:gold", "api:orders", EffectDirection.Other)], Effects(GoldKey, perApi));
    }

    [Fact]
    public void Of_a_calendar_quota_says_its_period_and_zone() => Assert.Equal(
        [
            new KeyEffect(EffectKind.Quota, "*", "1000/3600s", "1000/month (Europe/Berlin)", EffectDirection.Narrows),
        ],
        Effects(GoldKey, Gold with { Limits = Gold.Limits with { Quota = new QuotaSettings(1000, 0, QuotaPeriod.Month, "Europe/Berlin") } }));

    [Theory]
    [InlineData("missing", "POLICY_MISSING (gold)")]
    [InlineData("switched off", "POLICY_INACTIVE (gold)")]
    [InlineData("denying", "KEY_INACTIVE (gold)")]
    [InlineData("of another organisation", "ORGANIZATION_MISMATCH (gold)")]
    [InlineData("a trial that has ended", "KEY_EXPIRED (gold)")]
    public void Of_a_key_that_is_refused_from_then_on_says_why_and_nothing_else(string gold, string state)
    {
        Policy? after = gold switch
        {
            "missing" => null,
            "switched off" => Gold with { Active = false },
            "denying" => Gold with { IsInactive = true },
            "of another organisation" => Gold with { OrganizationId = "other" },
            _ => Gold with { KeyExpiresIn = 1, AccessRights = On("invoices") },
        };

        Assert.Equal([new KeyEffect(EffectKind.KeyState, "", "usable", state, EffectDirection.Narrows)], Effects(GoldKey, after));
        Assert.Equal([new KeyEffect(EffectKind.KeyState, "", state, "usable", EffectDirection.Widens)], Effects(GoldKey, Gold, after));
        Assert.Empty(Effects(GoldKey with { IsInactive = true }, after));
    }

    [Fact]
    public void Of_access_that_is_restricted_says_paths_versions_and_addresses()
    {
        var right = new AccessRight { ApiId = "orders", Versions = ["v1"], AllowedUrls = [new AllowedUrl("/a", ["GET", "POST"])] };
        var before = Gold with { AccessRights = On().SetItem("orders", right), AllowedIps = ["10.0.0.0/8"] };
        var after = before with
        {
            AccessRights = On().SetItem("orders", right with { Versions = ["v1", "v2"], AllowedUrls = [new AllowedUrl("/a", ["GET"])] }),
            AllowedIps = [],
        };

        Assert.Equal(
            [
                new KeyEffect(EffectKind.Versions, "orders", "v1", "v1, v2", EffectDirection.Widens),
                new KeyEffect(EffectKind.Paths, "orders", "GET /a, POST /a", "GET /a", EffectDirection.Narrows),
                new KeyEffect(EffectKind.Addresses, "orders", "10.0.0.0/8", "any", EffectDirection.Widens),
            ],
            Effects(GoldKey, after, before));
    }

    [Fact]
    public void Of_what_holds_for_the_key_says_each()
    {
        var after = Gold with
        {
            HmacEnabled = true,
            KeyExpiresIn = 86_400,
            Tags = ["new"],
            Metadata = Metadata(("rate_limit_pattern", "team-$tyk_meta.team"), ("team", "b")),
            Behavior = new LimitBehavior(null, null, null, null, Enforcement.Shadow),
        };

        Assert.Equal(
            [
                new KeyEffect(EffectKind.Signature, "", "not required", "required", EffectDirection.Narrows),
                new KeyEffect(EffectKind.Expiry, "", "never", "86400s after its creation (gold)", EffectDirection.Narrows),
                new KeyEffect(EffectKind.Tags, "", "old", "new", EffectDirection.Other),
                new KeyEffect(EffectKind.Metadata, "", "", "rate_limit_pattern, team", EffectDirection.Other),
                new KeyEffect(EffectKind.SharedCounters, "", "its own", "shared", EffectDirection.Other),
                new KeyEffect(EffectKind.LimitBehavior, "*", "deny exact enforce", "deny exact shadow", EffectDirection.Other),
            ],
            Effects(
                GoldKey with { DateCreatedUs = NowUs },
                after,
                Gold with { Tags = ["old"], Metadata = Metadata(("team", "a")) }));
    }

    [Fact]
    public void Of_a_key_with_limits_of_its_own_goes_by_those_that_no_policy_covers()
    {
        var access = Gold with { Partitions = new Partitions { Acl = true } };
        var key = GoldKey with { Limits = new LimitSettings { Rate = new RateSettings(7, 1) } };

        Assert.Equal(
            [
                new KeyEffect(EffectKind.Rate, "*", "7/1s", "100/60s", EffectDirection.Narrows),
                new KeyEffect(EffectKind.Quota, "*", "unlimited", "1000/3600s", EffectDirection.Narrows),
            ],
            Effects(key, Gold, access));
    }

    [Fact]
    public void Of_many_keys_with_the_same_policies_says_the_same_for_each()
    {
        PolicyEntry silver = new(Silver, 1, "store");
        var comparison = new KeyComparison(
            new PolicySet([new PolicyEntry(Gold, 1, "store"), silver]),
            new PolicySet([new PolicyEntry(Gold with { AccessRights = On("reports") }, 2, "store"), silver]),
            GrantOptions.Default,
            NowUs);

        var effects = Enumerable.Range(0, 100).Select(number => comparison.Of(GoldKey with { Id = $"k{number}" })).ToArray();

        Assert.All(effects, one => Assert.Equal(EffectKind.ApiLost, Assert.Single(one).Kind));
        Assert.Empty(comparison.Of(new Key { ApplyPolicies = ["silver"] }));
    }

    private static ImmutableArray<KeyEffect> Effects(Key key, Policy? after) => Effects(key, after, Gold);

    // The policy that does not change is the same entry in both.
    private static ImmutableArray<KeyEffect> Effects(Key key, Policy? after, Policy? before)
    {
        PolicyEntry other = new((before ?? after)!.Id == "silver" ? Gold : Silver, 1, "store");
        return new KeyComparison(
            new PolicySet(Set(before).Entries.Append(other)), new PolicySet(Set(after).Entries.Append(other)), GrantOptions.Default, NowUs).Of(key);
    }

    private static PolicySet Set(params Policy?[] policies) => new(policies.OfType<Policy>().Select(policy => new PolicyEntry(policy, 1, "store")));

    private static ImmutableSortedDictionary<string, AccessRight> On(params IEnumerable<string> apis) =>
        apis.ToImmutableSortedDictionary(api => api, api => new AccessRight { ApiId = api }, StringComparer.Ordinal);

    private static ImmutableSortedDictionary<string, JsonElement> Metadata(params (string Name, string Value)[] entries) =>
        entries.ToImmutableSortedDictionary(entry => entry.Name, entry => JsonSerializer.SerializeToElement(entry.Value));
}
