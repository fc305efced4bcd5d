using Decision.Engine.Paths;
using Decision.Engine.Settings;

namespace Decision.Engine.Grants;

/// <summary>The server's settings that grants are compiled with.</summary>
public sealed record GrantOptions
{
    /// <summary>The defaults of every setting.</summary>
    public static GrantOptions Default { get; } = new();

    /// <summary>How patterns meet paths; <c>Access:UrlMatching</c>.</summary>
    public UrlMatching UrlMatching { get; init; } = UrlMatching.Segments;

    /// <summary>Whether a key without any access right may call every API; <c>Keys:AllowMasterKeys</c>.</summary>
    public bool AllowMasterKeys { get; init; }

    /// <summary>For rates whose policy does not say; <c>Limits:OnStoreFailure</c>.</summary>
    public StoreFailureMode OnStoreFailureRate { get; init; } = StoreFailureMode.Deny;

    /// <summary>For quotas whose policy does not say; <c>Limits:OnStoreFailure</c>.</summary>
    public StoreFailureMode OnStoreFailureQuota { get; init; } = StoreFailureMode.Deny;

    /// <summary>For policies that do not say; <c>Limits:Mode</c>.</summary>
    public LimitsMode Mode { get; init; } = LimitsMode.Exact;

    /// <summary>Shadow = every limit only reports; <c>Limits:Enforcement</c>.</summary>
    public Enforcement Enforcement { get; init; } = Enforcement.Enforce;
}
