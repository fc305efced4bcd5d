using System.Collections.Immutable;
using Decision.Engine.Apis;
using Decision.Engine.Grants;
using Decision.Engine.Organizations;

namespace Decision.Runtime.Catalogs;

/// <summary>One layer of the catalog, immutable.</summary>
public sealed record CatalogLayer(
    ImmutableDictionary<string, PolicyEntry> Policies,
    ImmutableDictionary<string, ApiEntry> Apis,
    ImmutableDictionary<string, OrganizationEntry> Organizations)
{
    /// <summary>Nothing.</summary>
    public static CatalogLayer Empty { get; } = new(
        ImmutableDictionary.Create<string, PolicyEntry>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, ApiEntry>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, OrganizationEntry>(StringComparer.Ordinal));
}
