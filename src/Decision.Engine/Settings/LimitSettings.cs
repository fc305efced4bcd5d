using System.Collections.Immutable;
using System.Text.Json;

namespace Decision.Engine.Settings;

/// <summary>The limits of a policy, of a key or of one API in either, as written.</summary>
public sealed record LimitSettings
{
    /// <summary>Nothing set.</summary>
    public static LimitSettings None { get; } = new();

    /// <summary>The rate group.</summary>
    public RateSettings Rate { get; init; }

    /// <summary>The quota group.</summary>
    public QuotaSettings Quota { get; init; } = QuotaSettings.None;

    /// <summary>Seconds between retries of a held request; merged and given back, never acted on (difference D20).</summary>
    public double ThrottleInterval { get; init; }

    /// <summary>Retries of a held request; merged and given back, never acted on (difference D20).</summary>
    public int ThrottleRetryLimit { get; init; }

    /// <summary>Deepest GraphQL query; 0 = not set, -1 = unlimited.</summary>
    public int MaxQueryDepth { get; init; }

    /// <summary>Kept and given back, without effect; null = not set.</summary>
    public SmoothingSettings? Smoothing { get; init; }

    /// <summary>Fields of an API's limit block that this version does not know, as they came; empty for limits at the root.</summary>
    public ImmutableSortedDictionary<string, JsonElement> ExtraFields { get; init; } =
        ImmutableSortedDictionary<string, JsonElement>.Empty;
}
