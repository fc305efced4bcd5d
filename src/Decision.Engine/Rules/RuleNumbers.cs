namespace Decision.Engine.Rules;

/// <summary>The bounds of the values. One place, so that documents and tests can name them.</summary>
internal static class RuleNumbers
{
    /// <summary>A hundred years in seconds.</summary>
    public const long LongestSeconds = 3_155_760_000;

    /// <summary>The shortest and longest <c>per</c> in seconds: a millisecond and ten years.</summary>
    public const double ShortestPer = 0.001;

    public const double LongestPer = 315_576_000;

    public const double LargestRate = 4_294_967_295;

    public const long LargestBurst = 4_294_967_295;

    /// <summary>The largest whole number that every JSON reader keeps exactly: 2^53 - 1.</summary>
    public const long LargestQuota = 9_007_199_254_740_991;

    public const int MostTags = 1_000;

    public const int MostEntries = 1_000;

    public const int MostAccessRights = 10_000;

    public const int LongestName = 1_024;

    /// <summary>Bytes of metadata, and of unknown fields, as JSON.</summary>
    public const int LargestFreeBytes = 64 * 1_024;

    public const int LongestId = 128;
}
