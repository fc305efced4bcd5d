using System.Collections.Immutable;
using System.Text.Json;

namespace Decision.Engine.Policies;

/// <summary>A path pattern and the methods granted on it; no method = never matches.</summary>
public sealed record AllowedUrl(string Url, ImmutableArray<string> Methods)
{
    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
