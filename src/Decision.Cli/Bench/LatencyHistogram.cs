using System.Numerics;

namespace Decision.Cli.Bench;

/// <summary>Counts durations in buckets, each less than 1 percent wide; memory does not grow with their number.</summary>
internal sealed class LatencyHistogram
{
    private const int Bits = 7;
    private const int PerPower = 1 << Bits;
    private readonly long[] _counts = new long[(64 - Bits + 1) * PerPower];

    public long Count { get; private set; }

    public void Add(TimeSpan duration)
    {
        _counts[IndexOf((ulong)Math.Max(duration.Ticks, 0))]++;
        Count++;
    }

    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
        }

        Count += other.Count;
    }

    /// <summary>The duration that a share of all stays within.</summary>
    /// <param name="share">0 to 1.</param>
    public TimeSpan Quantile(double share)
    {
        long rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank)
            {
                return TimeSpan.FromTicks(TopOf(i));
            }
        }

        return TimeSpan.Zero;
    }

    // Small values by themselves; of larger ones the highest bits.
    private static int IndexOf(ulong ticks)
    {
        if (ticks < PerPower)
        {
            return (int)ticks;
        }

        int shift = BitOperations.Log2(ticks) - Bits;
        return ((shift + 1) * PerPower) + (int)((ticks >> shift) - PerPower);
    }

    private static long TopOf(int index)
    {
        if (index < PerPower)
        {
            return index;
        }

        int shift = (index / PerPower) - 1;
        return ((((long)(index % PerPower) + PerPower) + 1) << shift) - 1;
    }
}
