using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Keys;

/// <summary>A key as written (Tyk's session object), without its secret: that is only known by its hash.</summary>
public sealed record Key
{
    /// <summary>Names the key in answers, logs and metrics; no secret.</summary>
    public string Id { get; init; } = "";

    /// <summary>Owner; policies and APIs must be of the same organisation.</summary>
    public string OrganizationId { get; init; } = "";

    /// <summary>For people.</summary>
    public string Alias { get; init; } = "";

    /// <summary>The key's own limits, for the groups that no policy covers.</summary>
    public LimitSettings Limits { get; init; } = LimitSettings.None;

    /// <summary>The key's own rights, used where no policy covers access.</summary>
    public ImmutableSortedDictionary<string, AccessRight> AccessRights { get; init; } =
        ImmutableSortedDictionary<string, AccessRight>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>Policy ids in their order.</summary>
    public ImmutableArray<string> ApplyPolicies { get; init; } = [];

    /// <summary>For search and answers.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Free; <c>rate_limit_pattern</c> in it lets keys share counters.</summary>
    public ImmutableSortedDictionary<string, JsonElement> Metadata { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;

    /// <summary>Unix seconds; 0 or -1 = never. Expired when now is later.</summary>
    public long Expires { get; init; }

    /// <summary>True when the expiry was decided while a trial policy applied; else a trial counts from the creation.</summary>
    public bool IsTrialSettled { get; init; }

    /// <summary>Creation, in microseconds since the Unix epoch.</summary>
    public long DateCreatedUs { get; init; }

    /// <summary>Refused while true.</summary>
    public bool IsInactive { get; init; }

    /// <summary>Requests must be signed.</summary>
    public bool HmacEnabled { get; init; }

    /// <summary>Requests must be signed.</summary>
    public bool EnableHttpSignatureValidation { get; init; }

    /// <summary>The secret that signatures are checked with, in clear only in memory; empty = none.</summary>
    public string HmacString { get; init; } = "";

    /// <summary>Client addresses and networks that may use the key; empty = any.</summary>
    public ImmutableArray<string> AllowedIps { get; init; } = [];

    /// <summary>How its limits are kept.</summary>
    public LimitBehavior Behavior { get; init; }

    /// <summary>Seconds that Tyk would keep the session; kept as it came.</summary>
    public long SessionLifetime { get; init; }

    /// <summary>What happens to the key after it expired: empty or <c>retain</c> = kept, <c>delete</c> = removed then.</summary>
    public string PostExpiryAction { get; init; } = "";

    /// <summary>With <c>retain</c>, seconds that the expired key is kept; 0 and -1 = for ever.</summary>
    public long PostExpiryGracePeriod { get; init; }

    /// <summary>Unix seconds as text, as Tyk writes it.</summary>
    public string LastUpdated { get; init; } = "";

    /// <summary>Percentages of the quota at which an event is due.</summary>
    public ImmutableArray<double> MonitorTriggerLimits { get; init; } = [];

    /// <summary>Fields without a meaning here, as they came.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
