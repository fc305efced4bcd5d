using System.Collections.Immutable;
using System.Text.Json;

namespace Decision.Engine.Policies;

/// <summary>The deepest query below one GraphQL field.</summary>
public sealed record FieldAccessRight(string TypeName, string FieldName, int MaxQueryDepth)
{
    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
