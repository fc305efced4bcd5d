namespace Decision.Storage.Redis.Trimming;

/// <summary>What a walk over all counters came to.</summary>
/// <param name="Trimmed">Counters that were removed.</param>
/// <param name="Damaged">Counters, or parts of one, that could not be read and were left as they are.</param>
internal readonly record struct TrimReport(long Trimmed, long Damaged)
{
    public static TrimReport operator +(TrimReport one, TrimReport other) => new(one.Trimmed + other.Trimmed, one.Damaged + other.Damaged);
}
