using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Apis;

/// <summary>An entry of the API registry: how requests are mapped to an API, and its own limit.</summary>
public sealed record Api
{
    /// <summary>Names the API in access rights.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public string Name { get; init; } = "";

    /// <summary>Owner; keys of another organisation are refused.</summary>
    public string OrganizationId { get; init; } = "";

    /// <summary>Path that its requests begin with; empty = not mapped by path.</summary>
    public string ListenPath { get; init; } = "";

    /// <summary>Hosts that it answers; empty = any.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>Versions that exist; empty = not versioned.</summary>
    public ImmutableArray<string> Versions { get; init; } = [];

    /// <summary>The version of a request that names none.</summary>
    public string DefaultVersion { get; init; } = "";

    /// <summary>Where a proxy finds the key.</summary>
    public ApiCredentialSource Auth { get; init; } = new("", "", "");

    /// <summary>Paths and methods that need no key; an entry without methods opens nothing.</summary>
    public ImmutableArray<AllowedUrl> Public { get; init; } = [];

    /// <summary>Limit of the API over all keys.</summary>
    public RateSettings Rate { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
