using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Settings;

namespace Decision.Engine.Policies;

/// <summary>The rate of one method on an endpoint.</summary>
public sealed record EndpointMethod(string Name, RateSettings Rate)
{
    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
