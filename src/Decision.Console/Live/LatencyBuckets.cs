namespace Decision.Console.Live;

/// <summary>Counts durations in buckets that are 9 % wide, from a tenth of a microsecond to minutes.</summary>
internal sealed class LatencyBuckets
{
    private const int EachDoubling = 8;
    private const double Smallest = 1e-7;
    private const int Count = 32 * EachDoubling;

    private readonly long[] _counts = new long[Count];

    public void Add(double seconds)
    {
        int bucket = seconds <= Smallest ? 0 : (int)(Math.Log2(seconds / Smallest) * EachDoubling);
        Interlocked.Increment(ref _counts[Math.Min(bucket, Count - 1)]);
    }

    /// <summary>What was counted so far.</summary>
    public long[] Read()
    {
        long[] copy = new long[Count];
        for (int index = 0; index < Count; index++)
        {
            copy[index] = Interlocked.Read(ref _counts[index]);
        }

        return copy;
    }

    /// <summary>The upper end of the bucket that a part of those lies below which were counted between two readings.</summary>
    /// <returns>Null = none was counted.</returns>
    public static TimeSpan? Percentile(long[] before, long[] after, double part)
    {
        long all = 0;
        for (int index = 0; index < Count; index++)
        {
            all += after[index] - before[index];
        }

        if (all == 0)
        {
            return null;
        }

        long wanted = (long)Math.Ceiling(all * part);
        int bucket = -1;
        for (long seen = 0; seen < wanted;)
        {
            bucket++;
            seen += after[bucket] - before[bucket];
        }

        return TimeSpan.FromSeconds(Smallest * Math.Pow(2, (bucket + 1) / (double)EachDoubling));
    }
}
