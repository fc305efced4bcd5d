using System.Collections.Immutable;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Limits;
using Decision.Engine.Settings;
using Decision.Engine.Tests.Cases;
using Decision.Engine.Tests.Json;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Grants;

public sealed class MergeProperties
{
    [Property(MaxTest = 500)]
    public void Apply_policies_in_another_order_merges_to_the_same(int seed, bool isPartitioned)
    {
        var maker = new PolicyMaker(seed) { IsPartitioned = isPartitioned };
        var entries = maker.Policies(most: 5);
        var key = maker.Key(entries.Select(entry => entry.Policy.Id));
        var reordered = key with { ApplyPolicies = maker.Shuffle(key.ApplyPolicies) };

        Assert.Equal(Text(Merge(key, entries)), Text(Merge(reordered, maker.Shuffle(entries))));
    }

    [Property(MaxTest = 500)]
    public void Apply_one_policy_more_never_narrows(int seed, bool isPartitioned)
    {
        var maker = new PolicyMaker(seed) { IsComplete = true, IsPartitioned = isPartitioned };
        var entries = maker.Policies(most: 4);
        var more = new PolicyEntry(maker.Policy("more"), 1, "store");
        var key = maker.Key(entries.Select(entry => entry.Policy.Id));

        // Where a group falls to a policy for the first time, the key's own word gives way, which may narrow: so the first policy is whole.
        if (entries[0].Policy.Partitions.IsPartitioned)
        {
            return;
        }

        var before = Merge(key, entries);
        var after = Merge(key with { ApplyPolicies = key.ApplyPolicies.Add("more") }, entries.Add(more));

        AssertWithin(before, after, entries[0].Policy.AccessRights.Keys);
    }

    [Property(MaxTest = 1000)]
    public void Apply_a_policy_lost_never_widens(int seed, bool isPartitioned)
    {
        var maker = new PolicyMaker(seed) { IsComplete = true, IsPartitioned = isPartitioned };
        var entries = maker.Policies(most: 4);
        var key = maker.Key(entries.Select(entry => entry.Policy.Id));
        var whole = Merge(key, entries);
        var lessened = Merge(key, entries.RemoveAt(maker.Below(entries.Length)));

        Assert.Single(lessened.MissingPolicies);
        Assert.False(lessened.IsMaster && lessened.Failure == Reason.Allowed);
        AssertWithin(lessened, whole, lessened.Rights.Keys);
    }

    [Property(MaxTest = 300)]
    public void Apply_changes_neither_key_nor_policies(int seed, bool isPartitioned)
    {
        var maker = new PolicyMaker(seed) { IsPartitioned = isPartitioned };
        var entries = maker.Policies(most: 5);
        var key = maker.Key(entries.Select(entry => entry.Policy.Id));
        string keyBefore = Shape.Of(key);
        string[] policiesBefore = [.. entries.Select(entry => Shape.Of(entry.Policy))];

        for (int turn = 0; turn < 2; turn++)
        {
            GrantCompiler.Compile(key, new PolicySet(entries), GrantOptions.Default);
        }

        Assert.Equal(keyBefore, Shape.Of(key));
        Assert.Equal(policiesBefore, entries.Select(entry => Shape.Of(entry.Policy)));
    }

    [Property(MaxTest = 500)]
    public void CompareRates_is_a_total_order(int seed)
    {
        var maker = new PolicyMaker(seed);
        var (a, b, c) = (maker.Rate(), maker.Rate(), maker.Rate());
        AssertOrder(a, b, c, LimitMerge.CompareRates);
    }

    [Property(MaxTest = 500)]
    public void ComparePermissiveness_of_quotas_is_a_total_order(int seed)
    {
        var maker = new PolicyMaker(seed);
        var (a, b, c) = (maker.Quota(), maker.Quota(), maker.Quota());
        AssertOrder(a, b, c, CompareQuotas);
    }

    private static void AssertOrder<T>(T a, T b, T c, Comparison<T> compare)
    {
        Assert.Equal(0, compare(a, a));
        Assert.Equal(Math.Sign(compare(a, b)), -Math.Sign(compare(b, a)));
        if (compare(a, b) >= 0 && compare(b, c) >= 0)
        {
            Assert.True(compare(a, c) >= 0);
        }
    }

    private static int CompareQuotas(QuotaSettings a, QuotaSettings b) => (a.IsUnlimited, b.IsUnlimited) switch
    {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => -1,
        _ => QuotaLimit.ComparePermissiveness(LimitCompiler.Quota(a)!, LimitCompiler.Quota(b)!),
    };

    // What the narrower grants on the APIs, the wider grants as well.
    private static void AssertWithin(MergedKey narrower, MergedKey wider, IEnumerable<string> apis)
    {
        foreach (string api in apis)
        {
            Assert.Contains(api, wider.Rights.Keys);
            var (less, more) = (narrower.Rights[api], wider.Rights[api]);
            Assert.Subset(more.Access.Versions.ToHashSet(), less.Access.Versions.ToHashSet());
            Assert.Subset(Pairs(more), Pairs(less));
            Assert.True(Compare(less.Limits.Rate, more.Limits.Rate, LimitMerge.CompareRates) <= 0, $"rate of {api}");
            Assert.True(Compare(less.Limits.Quota, more.Limits.Quota, CompareQuotas) <= 0, $"quota of {api}");
            Assert.True(Compare(less.Limits.MaxQueryDepth, more.Limits.MaxQueryDepth, CompareDepths) <= 0, $"depth of {api}");
        }
    }

    private static HashSet<string> Pairs(MergedRight right) =>
        [.. right.Access.AllowedUrls.SelectMany(url => url.Methods.Select(method => $"{method} {url.Url}"))];

    // No limit at all is above every limit.
    private static int Compare<T>(MergedLimit<T>? a, MergedLimit<T>? b, Comparison<T> compare) => (a, b) switch
    {
        (null, null) => 0,
        (null, _) => compare(b!.Value, b.Value) + (IsUnlimited(b.Value) ? 0 : 1),
        (_, null) => -1,
        _ => compare(a.Value, b.Value),
    };

    private static bool IsUnlimited<T>(T value) => value is RateSettings { IsUnlimited: true } or QuotaSettings { IsUnlimited: true } || value is int and < 0;

    private static int CompareDepths(int a, int b) => (a < 0 ? int.MaxValue : a).CompareTo(b < 0 ? int.MaxValue : b);

    private static MergedKey Merge(Key key, ImmutableArray<PolicyEntry> entries) =>
        KeyMerge.Apply(key, new PolicySet(entries), GrantOptions.Default);

    // Everything of a merge whose order says nothing; the policy that answers for a failure or a denial may be another one.
    private static string Text(MergedKey merged) => string.Join(
        "\n",
        [
            $"{merged.Failure == Reason.Allowed} {merged.InactiveOrigin.Length > 0} {merged.RequiresSignature} {merged.Expires} {merged.ExpiresOrigin}",
            Sorted(merged.Tags),
            Limits(merged.Root),
            .. merged.Rights.Select(right => $"{right.Key}: {Text(right.Value)}"),
        ]);

    private static string Text(MergedRight right) => string.Join(
        " | ",
        Limits(right.Limits),
        Sorted(right.Access.Versions),
        Sorted(right.Access.AllowedUrls.Select(url => $"{url.Url}[{Sorted(url.Methods)}]")),
        Sorted(right.Access.RestrictedTypes.Select(type => $"{type.Name}[{Sorted(type.Fields)}]")),
        right.Access.DisableIntrospection,
        string.Join(", ", right.Endpoints.Select(endpoint => $"{MergeText.Endpoint(endpoint)} {endpoint.Origin.PolicyId}")),
        Sorted(right.AllowedIps),
        Sorted(right.GrantedBy),
        right.RateBehavior,
        right.QuotaBehavior);

    private static string Limits(MergedLimits limits) =>
        $"{MergeText.Rate(limits.Rate)} {limits.Rate?.Scope} {MergeText.Quota(limits.Quota)} {limits.Quota?.Scope} {limits.MaxQueryDepth?.Value} {MergeText.Throttle(limits)}";

    private static string Sorted(IEnumerable<string> items) => string.Join(", ", items.Order(StringComparer.Ordinal));
}
