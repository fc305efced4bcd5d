using System.Collections.Immutable;
using Decision.Engine.Apis;
using Decision.Engine.Grants;
using Decision.Engine.Organizations;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Catalogs;

/// <summary>One layer of the catalog, immutable.</summary>
public sealed record CatalogLayer(
    ImmutableDictionary<string, PolicyEntry> Policies,
    ImmutableDictionary<string, ApiEntry> Apis,
    ImmutableDictionary<string, OrganizationEntry> Organizations)
{
    /// <summary>The etags of what the store gave, so that what is unchanged there stays what it is here; files have none.</summary>
    public ImmutableDictionary<(DocumentKind Kind, string Id), string> Etags { get; init; } = ImmutableDictionary<(DocumentKind, string), string>.Empty;

    /// <summary>Nothing.</summary>
    public static CatalogLayer Empty { get; } = new(
        ImmutableDictionary.Create<string, PolicyEntry>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, ApiEntry>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, OrganizationEntry>(StringComparer.Ordinal));
}
