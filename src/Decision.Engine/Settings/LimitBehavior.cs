namespace Decision.Engine.Settings;

/// <summary>How limits are kept, as a policy or key may write it; null = as the server is set.</summary>
/// <param name="OnStoreFailure">For rate and quota both.</param>
/// <param name="OnStoreFailureRate">For rates alone; counts before <paramref name="OnStoreFailure"/>.</param>
/// <param name="OnStoreFailureQuota">For quotas alone; counts before <paramref name="OnStoreFailure"/>.</param>
/// <param name="Mode">Exact or leased.</param>
/// <param name="Enforcement">Enforce or shadow.</param>
public readonly record struct LimitBehavior(
    StoreFailureMode? OnStoreFailure,
    StoreFailureMode? OnStoreFailureRate,
    StoreFailureMode? OnStoreFailureQuota,
    LimitsMode? Mode,
    Enforcement? Enforcement);
