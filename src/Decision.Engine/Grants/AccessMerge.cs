using System.Collections.Immutable;
using Decision.Engine.Charges;
using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Engine.Grants;

/// <summary>Unions of what several policies grant on one API.</summary>
internal static class AccessMerge
{
    /// <summary>What the granting policies say together. An empty list is no restriction, unless another policy restricts.</summary>
    public static AccessRight Union(string apiId, IReadOnlyList<AccessRight> rights)
    {
        if (rights.Count == 1)
        {
            return rights[0] with { ApiId = apiId };
        }

        return new AccessRight
        {
            ApiId = apiId,
            ApiName = rights.Select(right => right.ApiName).FirstOrDefault(name => name.Length > 0) ?? "",
            Versions = [.. rights.SelectMany(right => right.Versions).Distinct(StringComparer.Ordinal)],
            AllowedUrls = MergeUrls(rights),
            RestrictedTypes = MergeTypes(rights.SelectMany(right => right.RestrictedTypes)),
            AllowedTypes = MergeTypes(rights.SelectMany(right => right.AllowedTypes)),
            FieldAccessRights =
            [
                .. rights.SelectMany(right => right.FieldAccessRights)
                    .GroupBy(field => (field.TypeName, field.FieldName))
                    .Select(group => group.MaxBy(field => field.MaxQueryDepth < 0 ? int.MaxValue : field.MaxQueryDepth)!),
            ],
            DisableIntrospection = rights.Any(right => right.DisableIntrospection),
        };
    }

    /// <summary>Endpoint rates: by path and method, the more permissive one.</summary>
    public static ImmutableArray<MergedEndpoint> Endpoints(Key key, ImmutableArray<PolicyEntry> reaching, string? apiId)
    {
        if (apiId is null)
        {
            return [];
        }

        var covering = reaching.Where(entry => entry.Policy.Partitions.CoversRate).ToArray();
        if (covering.Length == 0)
        {
            return key.AccessRights.TryGetValue(apiId, out var own)
                ? [.. Flatten(own, Origin.OfKey($"access_rights.{apiId}.endpoints"))]
                : [];
        }

        var writers = covering
            .Where(entry => entry.Policy.AccessRights.GetValueOrDefault(apiId) is { Endpoints.IsEmpty: false })
            .Select(entry => Flatten(
                entry.Policy.AccessRights[apiId], Origin.OfPolicy(entry.Policy.Id, $"access_rights.{apiId}.endpoints")))
            .ToArray();

        // One writer's order is kept: the first match counts, and somebody chose it. Several have none in common, so it is by name.
        return writers.Length switch
        {
            0 => [],
            1 => [.. writers[0]],
            _ =>
            [
                .. writers.SelectMany(endpoints => endpoints)
                    .GroupBy(endpoint => (endpoint.Path, endpoint.Method))
                    .Select(MostPermissive)
                    .OrderBy(endpoint => endpoint.Path, StringComparer.Ordinal)
                    .ThenBy(endpoint => endpoint.Method, StringComparer.Ordinal),
            ],
        };
    }

    private static IEnumerable<MergedEndpoint> Flatten(AccessRight right, Origin origin) =>
        from endpoint in right.Endpoints
        from method in endpoint.Methods
        where method.Rate.IsSet
        select new MergedEndpoint(endpoint.Path, method.Name.ToUpperInvariant(), method.Rate, origin);

    private static MergedEndpoint MostPermissive(IEnumerable<MergedEndpoint> endpoints) =>
        endpoints.Aggregate((best, next) =>
        {
            int order = LimitMerge.CompareRates(next.Rate, best.Rate);
            return order > 0 || (order == 0 && string.CompareOrdinal(next.Origin.PolicyId, best.Origin.PolicyId) < 0) ? next : best;
        });

    private static ImmutableArray<AllowedUrl> MergeUrls(IReadOnlyList<AccessRight> rights) =>
    [
        .. rights.SelectMany(right => right.AllowedUrls)
            .GroupBy(url => url.Url, StringComparer.Ordinal)
            .Select(group => new AllowedUrl(
                group.Key, [.. group.SelectMany(url => url.Methods).Distinct(StringComparer.OrdinalIgnoreCase)])),
    ];

    private static ImmutableArray<GraphType> MergeTypes(IEnumerable<GraphType> types) =>
    [
        .. types.GroupBy(type => type.Name, StringComparer.Ordinal)
            .Select(group => new GraphType(group.Key, [.. group.SelectMany(type => type.Fields).Distinct(StringComparer.Ordinal)])),
    ];
}
