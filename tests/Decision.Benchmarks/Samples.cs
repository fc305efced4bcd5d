using System.Collections.Immutable;
using Decision.Engine.Grants;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Benchmarks;

/// <summary>Policies and keys that the benchmarks decide by. Limits are so large that none is ever reached.</summary>
internal static class Samples
{
    /// <summary>Units of a limit that no benchmark reaches; still counted exactly as a small one is.</summary>
    public const long Unreached = 4_000_000_000;

    public const string Api = "api-0";

    public static RateSettings Rate { get; } = new(Unreached, 60);

    public static QuotaSettings Quota { get; } = new(1_000_000_000_000, 30 * 86_400);

    /// <summary>A policy with rate and quota that grants <paramref name="apis"/> APIs, from <c>api-0</c> on, and the paths given.</summary>
    public static Policy Policy(string id, int apis, bool hasQuota = true, ImmutableArray<AllowedUrl> urls = default) => new()
    {
        Id = id,
        OrganizationId = "",
        Limits = new LimitSettings { Rate = Rate, Quota = hasQuota ? Quota : QuotaSettings.None },
        AccessRights = Enumerable.Range(0, apis).ToImmutableSortedDictionary(
            number => $"api-{number}",
            number => new AccessRight
            {
                ApiId = $"api-{number}",
                ApiName = $"API {number}",
                Versions = ["Default"],
                AllowedUrls = urls.IsDefault ? [] : urls,
            },
            StringComparer.Ordinal),
    };

    public static ImmutableArray<Policy> Policies(int policies, int apis, bool hasQuota = true, ImmutableArray<AllowedUrl> urls = default) =>
        [.. Enumerable.Range(0, policies).Select(number => Policy($"policy-{number}", apis, hasQuota, urls))];

    public static PolicySet Set(IEnumerable<Policy> policies) =>
        new(policies.Select(policy => new PolicyEntry(policy, Revision: 1, Source: "store")));

    public static Key Key(IEnumerable<Policy> policies) => new()
    {
        Id = "0123456789abcdef",
        ApplyPolicies = [.. policies.Select(policy => policy.Id)],
    };

    /// <summary>Entries of which the last one alone grants <see cref="LastPath"/>.</summary>
    public static ImmutableArray<AllowedUrl> Urls(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new AllowedUrl(number == count ? "/orders/{id}/items" : $"/resource-{number}/{{id}}", ["GET"]))];

    public const string LastPath = "/orders/4711/items";
}
