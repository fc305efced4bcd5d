using System.Collections.Immutable;
using Decision.Engine.Charges;
using Decision.Engine.Keys;
using Decision.Engine.Policies;

namespace Decision.Engine.Grants;

/// <summary>Unions of what several policies grant on one API.</summary>
internal static class AccessMerge
{
    /// <summary>What the granting policies say together. An empty list is no restriction, unless another policy restricts.</summary>
    public static AccessRight Union(string apiId, ImmutableArray<PolicyEntry> grantors)
    {
        var rights = new AccessRight[grantors.Length];
        for (int index = 0; index < rights.Length; index++)
        {
            rights[index] = grantors[index].Policy.AccessRights[apiId];
        }

        if (rights is [var only])
        {
            return only.ApiId == apiId ? only : only with { ApiId = apiId };
        }

        return new AccessRight
        {
            ApiId = apiId,
            ApiName = Array.Find(rights, static right => right.ApiName.Length > 0)?.ApiName ?? "",
            Versions = DistinctText.Of(rights, static right => right.Versions),
            AllowedUrls = Array.TrueForAll(rights, static right => right.AllowedUrls.IsEmpty) ? [] : MergeUrls(rights),
            RestrictedTypes = Array.TrueForAll(rights, static right => right.RestrictedTypes.IsEmpty) ? []
                : MergeTypes(rights.SelectMany(right => right.RestrictedTypes)),
            AllowedTypes = Array.TrueForAll(rights, static right => right.AllowedTypes.IsEmpty) ? []
                : MergeTypes(rights.SelectMany(right => right.AllowedTypes)),
            FieldAccessRights = Array.TrueForAll(rights, static right => right.FieldAccessRights.IsEmpty) ? [] :
            [
                .. rights.SelectMany(right => right.FieldAccessRights)
                    .GroupBy(field => (field.TypeName, field.FieldName))
                    .Select(group => group.MaxBy(field => field.MaxQueryDepth < 0 ? int.MaxValue : field.MaxQueryDepth)!),
            ],
            DisableIntrospection = Array.Exists(rights, static right => right.DisableIntrospection),
        };
    }

    /// <summary>Endpoint rates: by path and method, the more permissive one.</summary>
    public static ImmutableArray<MergedEndpoint> Endpoints(Key key, PolicyReach reach, string? apiId)
    {
        if (apiId is null)
        {
            return [];
        }

        if (reach.Rate.IsEmpty)
        {
            return key.AccessRights.TryGetValue(apiId, out var own)
                ? [.. Flatten(own, Origin.OfKey($"access_rights.{apiId}.endpoints"))]
                : [];
        }

        List<IEnumerable<MergedEndpoint>>? writers = null;
        foreach (var (policy, _, _) in reach.Rate)
        {
            if (policy.AccessRights.TryGetValue(apiId, out var right) && !right.Endpoints.IsEmpty)
            {
                (writers ??= []).Add(Flatten(right, Origin.OfPolicy(policy.Id, $"access_rights.{apiId}.endpoints")));
            }
        }

        // One writer's order is kept: the first match counts, and somebody chose it. Several have none in common, so it is by name.
        return writers switch
        {
            null => [],
            [var one] => [.. one],
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

    private static ImmutableArray<AllowedUrl> MergeUrls(AccessRight[] rights) =>
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
