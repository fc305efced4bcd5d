using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>The limits in force somewhere: on one API, or at the root. Null = no limit.</summary>
public sealed record MergedLimits
{
    /// <summary>The rate.</summary>
    public MergedLimit<RateSettings>? Rate { get; init; }

    /// <summary>The quota.</summary>
    public MergedLimit<QuotaSettings>? Quota { get; init; }

    /// <summary>The deepest query; -1 = unlimited.</summary>
    public MergedLimit<int>? MaxQueryDepth { get; init; }

    /// <summary>Merged and given back only (D20).</summary>
    public double ThrottleInterval { get; init; }

    /// <summary>Merged and given back only (D20).</summary>
    public int ThrottleRetryLimit { get; init; }
}
