using System.Collections.Immutable;
using System.Text.Json;

namespace Decision.Engine.Policies;

/// <summary>Rates of the methods of one path pattern.</summary>
public sealed record EndpointRight(string Path, ImmutableArray<EndpointMethod> Methods)
{
    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
