using Decision.Engine.Limits;
using Decision.Engine.Settings;

namespace Decision.Engine.Json;

/// <summary>The words of the settings that are enumerations.</summary>
public static class SettingNames
{
    /// <summary><c>rate_algorithm</c>.</summary>
    public static SettingWords<RateAlgorithm> RateAlgorithm { get; } = new(
        ("sliding_log", Limits.RateAlgorithm.SlidingLog),
        ("token_bucket", Limits.RateAlgorithm.TokenBucket),
        ("fixed_window", Limits.RateAlgorithm.FixedWindow),
        ("sliding_window", Limits.RateAlgorithm.SlidingWindow));

    /// <summary><c>quota_period</c>.</summary>
    public static SettingWords<QuotaPeriod> QuotaPeriod { get; } = new(
        ("rolling", Limits.QuotaPeriod.Rolling),
        ("hour", Limits.QuotaPeriod.Hour),
        ("day", Limits.QuotaPeriod.Day),
        ("week", Limits.QuotaPeriod.Week),
        ("month", Limits.QuotaPeriod.Month));

    /// <summary><c>on_store_failure</c>, <c>on_store_failure_rate</c> and <c>on_store_failure_quota</c>.</summary>
    public static SettingWords<StoreFailureMode> StoreFailure { get; } = new(
        ("deny", StoreFailureMode.Deny),
        ("local", StoreFailureMode.Local),
        ("allow", StoreFailureMode.Allow));

    /// <summary><c>limits_mode</c>.</summary>
    public static SettingWords<LimitsMode> LimitsMode { get; } = new(
        ("exact", Settings.LimitsMode.Exact),
        ("leased", Settings.LimitsMode.Leased));

    /// <summary><c>enforcement</c>.</summary>
    public static SettingWords<Enforcement> Enforcement { get; } = new(
        ("enforce", Settings.Enforcement.Enforce),
        ("shadow", Settings.Enforcement.Shadow));
}
