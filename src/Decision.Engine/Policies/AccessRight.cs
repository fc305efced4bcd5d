using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Settings;

namespace Decision.Engine.Policies;

/// <summary>What a policy or a key grants on one API.</summary>
public sealed record AccessRight
{
    /// <summary>The API's id as written inside; only the map's key counts.</summary>
    public string ApiId { get; init; } = "";

    /// <summary>For people.</summary>
    public string ApiName { get; init; } = "";

    /// <summary>Versions granted, where the API has versions.</summary>
    public ImmutableArray<string> Versions { get; init; } = [];

    /// <summary>Paths and methods granted; empty = all.</summary>
    public ImmutableArray<AllowedUrl> AllowedUrls { get; init; } = [];

    /// <summary>GraphQL types refused; given back for the proxy, not enforced here (D22).</summary>
    public ImmutableArray<GraphType> RestrictedTypes { get; init; } = [];

    /// <summary>GraphQL types allowed; given back for the proxy, not enforced here (D22).</summary>
    public ImmutableArray<GraphType> AllowedTypes { get; init; } = [];

    /// <summary>GraphQL depth by field; given back for the proxy, not enforced here (D22).</summary>
    public ImmutableArray<FieldAccessRight> FieldAccessRights { get; init; } = [];

    /// <summary>GraphQL introspection off; given back for the proxy.</summary>
    public bool DisableIntrospection { get; init; }

    /// <summary>Limits of this API; null = none written. In a policy it counts only with <c>per_api</c>.</summary>
    public LimitSettings? Limit { get; init; }

    /// <summary>As written in a stored key; the scope in force is always computed.</summary>
    public string AllowanceScope { get; init; } = "";

    /// <summary>Rates of single endpoints.</summary>
    public ImmutableArray<EndpointRight> Endpoints { get; init; } = [];

    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
