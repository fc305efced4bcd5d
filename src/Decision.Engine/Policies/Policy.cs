using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Settings;

namespace Decision.Engine.Policies;

/// <summary>A policy as written: what it grants and limits for every key that uses it.</summary>
public sealed record Policy
{
    /// <summary>Unique over all organisations.</summary>
    public required string Id { get; init; }

    /// <summary>The <c>_id</c> of a Tyk export, kept as it came.</summary>
    public string ObjectId { get; init; } = "";

    /// <summary>For people.</summary>
    public string Name { get; init; } = "";

    /// <summary>Must equal the organisation of each key that uses it.</summary>
    public string OrganizationId { get; init; } = "";

    /// <summary>Limits at the root.</summary>
    public LimitSettings Limits { get; init; } = LimitSettings.None;

    /// <summary>APIs that it reaches; empty = every API that the key is granted.</summary>
    public ImmutableSortedDictionary<string, AccessRight> AccessRights { get; init; } =
        ImmutableSortedDictionary<string, AccessRight>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Which groups it covers.</summary>
    public Partitions Partitions { get; init; }

    /// <summary>Its keys must sign their requests.</summary>
    public bool HmacEnabled { get; init; }

    /// <summary>Its keys must sign their requests.</summary>
    public bool EnableHttpSignatureValidation { get; init; }

    /// <summary>False = not loaded; absent (null) or true = loaded.</summary>
    public bool? Active { get; init; }

    /// <summary>Disables every key that uses it.</summary>
    public bool IsInactive { get; init; }

    /// <summary>Added to its keys' tags.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Seconds from a key's creation to its end; 0 = no trial.</summary>
    public long KeyExpiresIn { get; init; }

    /// <summary>What happens to its keys after they expired: empty, <c>retain</c> or <c>delete</c>.</summary>
    public string PostExpiryAction { get; init; } = "";

    /// <summary>Seconds that an expired key is kept; -1 = for ever.</summary>
    public long PostExpiryGracePeriod { get; init; }

    /// <summary>Unix seconds as text, as Tyk writes it; kept.</summary>
    public string LastUpdated { get; init; } = "";

    /// <summary>Laid over its keys' metadata.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>Client addresses and networks that may use its keys; empty = any.</summary>
    public ImmutableArray<string> AllowedIps { get; init; } = [];

    /// <summary>How its limits are kept.</summary>
    public LimitBehavior Behavior { get; init; }

    /// <summary>Fields that this version does not know, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>True unless <c>active: false</c> was written.</summary>
    public bool IsLoaded => Active != false;
}
