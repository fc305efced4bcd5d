using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Settings;

namespace Decision.Engine.Organizations;

/// <summary>An organisation's limits over all of its keys.</summary>
public sealed record Organization
{
    /// <summary>The id that keys, policies and APIs name.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public string Name { get; init; } = "";

    /// <summary>Rate over all keys.</summary>
    public RateSettings Rate { get; init; }

    /// <summary>Quota over all keys.</summary>
    public QuotaSettings Quota { get; init; } = QuotaSettings.None;

    /// <summary>Refuses every key of the organisation.</summary>
    public bool IsInactive { get; init; }

    /// <summary>Seconds that a key without an expiry of its own lives; 0 = as the server is set; -1 = for ever.</summary>
    public long KeyDefaultExpiry { get; init; }

    /// <summary>Free.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
