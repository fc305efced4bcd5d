using Decision.Engine.Limits;

namespace Decision.Engine.Settings;

/// <summary>A rate as it is written. The four travel together when policies are merged.</summary>
/// <param name="Rate">Requests per <paramref name="Per"/>; 0 = not set, -1 = unlimited.</param>
/// <param name="Per">Seconds, may be fractional; 0 = not set.</param>
/// <param name="Algorithm">How to count; null = not set, which counts as <see cref="RateAlgorithm.SlidingLog"/>.</param>
/// <param name="Burst">Units that a token bucket holds; 0 = as many as <paramref name="Rate"/>.</param>
public readonly record struct RateSettings(double Rate, double Per, RateAlgorithm? Algorithm = null, long Burst = 0)
{
    /// <summary>True when a rate is written: a positive one or -1.</summary>
    public bool IsSet => Rate != 0;

    /// <summary>True for -1.</summary>
    public bool IsUnlimited => Rate < 0;
}
