using System.Collections.Immutable;
using System.Globalization;
using Decision.Engine.Grants;
using Decision.Engine.Json;
using Decision.Engine.Limits;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Effects;

/// <summary>Limits and rights in a few words. Two that are in force alike have the same words.</summary>
public static class EffectText
{
    private const string Unlimited = "unlimited";

    /// <summary>A rate, such as <c>100/60s</c>.</summary>
    public static string OfRate(RateSettings? rate)
    {
        if (rate is not { Rate: > 0 } set)
        {
            return Unlimited;
        }

        string algorithm = (set.Algorithm ?? RateAlgorithm.SlidingLog) == RateAlgorithm.SlidingLog ? "" : " " + SettingNames.RateAlgorithm.Format(set.Algorithm);
        string burst = set.Algorithm == RateAlgorithm.TokenBucket && set.Burst > 0 ? string.Create(CultureInfo.InvariantCulture, $" burst {set.Burst}") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{set.Rate}/{set.Per}s{algorithm}{burst}");
    }

    /// <summary>A quota, such as <c>1000/month</c>.</summary>
    public static string OfQuota(QuotaSettings? quota)
    {
        if (quota is not { Max: > 0 } set)
        {
            return Unlimited;
        }

        string max = set.Max.ToString(CultureInfo.InvariantCulture);
        return set.Period is { } period and not QuotaPeriod.Rolling
            ? $"{max}/{SettingNames.QuotaPeriod.Format(period)}{(set.TimeZone.Length == 0 ? "" : $" ({set.TimeZone})")}"
            : set.RenewalRate > 0 ? string.Create(CultureInfo.InvariantCulture, $"{max}/{set.RenewalRate}s") : max + " for good";
    }

    /// <summary>The deepest query.</summary>
    public static string OfDepth(int depth) => depth > 0 ? depth.ToString(CultureInfo.InvariantCulture) : Unlimited;

    /// <summary>How limits are kept.</summary>
    public static string OfBehavior(MergedRight right)
    {
        string rate = Of(right.RateBehavior);
        string quota = Of(right.QuotaBehavior);
        return rate == quota ? rate : $"rate {rate}; quota {quota}";

        static string Of(GrantBehavior behavior) =>
            $"{SettingNames.StoreFailure.Format(behavior.OnStoreFailure)} {SettingNames.LimitsMode.Format(behavior.Mode)} {SettingNames.Enforcement.Format(behavior.Enforcement)}";
    }

    /// <summary>Each path with each of its methods.</summary>
    public static IEnumerable<string> OfPaths(ImmutableArray<AllowedUrl> urls) =>
        urls.SelectMany(url => url.Methods.DefaultIfEmpty("no method").Select(method => $"{method} {url.Url}"));

    /// <summary>Endpoints with their rates.</summary>
    public static string OfEndpoints(ImmutableArray<MergedEndpoint> endpoints) =>
        endpoints.IsEmpty ? "none" : string.Join(", ", endpoints.Select(one => $"{one.Method} {one.Path} {OfRate(one.Rate)}"));

    internal static string OfGraphql(AccessRight right) =>
        $"{Of(right.RestrictedTypes)}|{Of(right.AllowedTypes)}|{right.DisableIntrospection}|"
        + string.Join(';', right.FieldAccessRights.Select(field => $"{field.TypeName}.{field.FieldName}:{field.MaxQueryDepth}"));

    private static string Of(ImmutableArray<GraphType> types) =>
        string.Join(';', types.Select(type => $"{type.Name}:{string.Join(',', type.Fields)}"));
}
