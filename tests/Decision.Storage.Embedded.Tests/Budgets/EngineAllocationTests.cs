using System.Collections.Immutable;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Engine.Settings;
using Decision.TestKit;

namespace Decision.Storage.Embedded.Tests.Budgets;

/// <summary>What the engine may allocate where a grant is compiled, a little above what it does; and that matching a path allocates nothing.</summary>
public sealed class EngineAllocationTests
{
    [Theory]
    [InlineData(1, 1, true, 4_500)]
    [InlineData(5, 20, true, 32_000)]
    [InlineData(1, 1, false, 600)]
    [InlineData(5, 20, false, 900)]
    public void Compile_stays_within_its_budget(int policies, int apis, bool saysSomething, long budget)
    {
        var set = new PolicySet(Enumerable.Range(0, policies).Select(number => new PolicyEntry(Policy($"policy-{number}", apis), 1, "store")));
        var key = new Key
        {
            Id = "0123456789abcdef",
            ApplyPolicies = [.. set.Entries.Select(entry => entry.Policy.Id)],

            // A key that says something itself shares nothing with the others of its policies.
            Limits = LimitSettings.None with { ThrottleRetryLimit = saysSomething ? 1 : 0 },
        };
        var first = GrantCompiler.Compile(key, set, GrantOptions.Default);
        int rights = 0;

        long bytes = Allocations.BytesOf(() => rights += GrantCompiler.Compile(key, set, GrantOptions.Default).Merged.Rights.Count);

        Assert.InRange(bytes, 1, budget);
        Assert.Equal(apis, first.Merged.Rights.Count);
        Assert.True(rights > apis);
    }

    [Theory]
    [InlineData("/resource-{0}/{{id}}", "/orders/{id}/items")]
    [InlineData("^/resource-{0}/[0-9]+$", "^/orders/[0-9]+/(items|notes)$")]
    public void Matching_fifty_patterns_allocates_nothing(string pattern, string last)
    {
        UrlEntry[] entries =
        [
            .. Enumerable.Range(1, 49).Select(number => new UrlEntry(string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, number), ["GET"])),
            new UrlEntry(last, ["GET"]),
        ];
        var rules = UrlRules.Compile(entries, UrlMatching.Segments, out var problems);
        int matches = 0;

        long bytes = Allocations.SteadyStateOf(() =>
        {
            matches += rules.Allows("GET", new MatchPath("/orders/4711/items")) ? 1 : 0;
            matches += rules.Allows("GET", new MatchPath("/orders")) ? 1 : 0;
        });

        Assert.Equal(0, bytes);
        Assert.Empty(problems);
        Assert.Equal(0, matches % Allocations.Operations);
        Assert.NotEqual(0, matches);
    }

    private static Policy Policy(string id, int apis) => new()
    {
        Id = id,
        Limits = new LimitSettings { Rate = new RateSettings(1_000, 60), Quota = new QuotaSettings(1_000_000, 86_400) },
        AccessRights = Enumerable.Range(0, apis).ToImmutableSortedDictionary(
            number => $"api-{number}",
            number => new AccessRight { ApiId = $"api-{number}", ApiName = $"API {number}", Versions = ["Default"] },
            StringComparer.Ordinal),
    };
}
