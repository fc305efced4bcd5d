using System.Collections.Immutable;
using System.Text.Json;

namespace Decision.Engine.Policies;

/// <summary>A GraphQL type and its fields; <c>*</c> = all.</summary>
public sealed record GraphType(string Name, ImmutableArray<string> Fields)
{
    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
