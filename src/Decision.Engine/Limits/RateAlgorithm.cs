namespace Decision.Engine.Limits;

/// <summary>How the units of a rate limit are counted; what each promises stands in the rules under "Limits".</summary>
public enum RateAlgorithm : byte
{
    /// <summary>At most <c>rate</c> in any window of <c>per</c>; the default.</summary>
    SlidingLog = 0,

    /// <summary>At most burst + rate x t / per in any time t (GCRA).</summary>
    TokenBucket = 1,

    /// <summary>At most <c>rate</c> in each window aligned to multiples of <c>per</c>.</summary>
    FixedWindow = 2,

    /// <summary>An estimate from two aligned windows, rounded against the caller.</summary>
    SlidingWindow = 3,
}
