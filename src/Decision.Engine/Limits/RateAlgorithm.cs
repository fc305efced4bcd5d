namespace Decision.Engine.Limits;

/// <summary>How a rate limit counts. The values are part of the stored format and never change.</summary>
public enum RateAlgorithm : byte
{
    /// <summary>At most Max units in any window of the period. The default.</summary>
    SlidingLog = 0,

    /// <summary>GCRA: at most burst + Max x t / period units in any time t.</summary>
    TokenBucket = 1,

    /// <summary>At most Max units in each window aligned to multiples of the period since the Unix epoch.</summary>
    FixedWindow = 2,

    /// <summary>An estimate from two aligned windows, always below 2 x Max units in any window of the period.</summary>
    SlidingWindow = 3,
}
