using System.Buffers.Binary;

namespace Decision.Runtime.Observation.Usage;

/// <summary>
/// The hours of one day as stores keep them: 13 bytes for each hour with any use, which are the hour of the day, what was allowed and what was
/// refused, both in 6 bytes with the most significant first. Redis' script reads and writes the same.
/// </summary>
public static class UsageHours
{
    /// <summary>The id of all those together that came when there were too many.</summary>
    public const string Others = "*";

    /// <summary>Hours of a day.</summary>
    public const int OfDay = 24;

    private const int Size = 13;
    private const long Most = (1L << 48) - 1;

    /// <summary>Adds to an hour.</summary>
    /// <param name="packed">The day before; empty = nothing.</param>
    /// <param name="hour">0 to 23.</param>
    /// <param name="allowed">More that were allowed.</param>
    /// <param name="refused">More that were refused.</param>
    public static byte[] Add(ReadOnlySpan<byte> packed, int hour, long allowed, long refused)
    {
        int at = 0;
        while (at < packed.Length && packed[at] != hour)
        {
            at += Size;
        }

        byte[] sum = new byte[Math.Max(packed.Length, at + Size)];
        packed.CopyTo(sum);
        sum[at] = (byte)hour;
        Write(sum.AsSpan(at + 1, 6), Read(sum.AsSpan(at + 1, 6)) + allowed);
        Write(sum.AsSpan(at + 7, 6), Read(sum.AsSpan(at + 7, 6)) + refused);
        return sum;
    }

    /// <summary>What each hour of the day has.</summary>
    public static IReadOnlyList<UsageCount> Of(UsageKind kind, string id, long day, ReadOnlySpan<byte> packed)
    {
        var counts = new List<UsageCount>(packed.Length / Size);
        for (; packed.Length >= Size; packed = packed[Size..])
        {
            counts.Add(new UsageCount(kind, id, (day * OfDay) + packed[0], Read(packed.Slice(1, 6)), Read(packed.Slice(7, 6))));
        }

        return counts;
    }

    private static long Read(ReadOnlySpan<byte> six) =>
        ((long)BinaryPrimitives.ReadUInt16BigEndian(six) << 32) | BinaryPrimitives.ReadUInt32BigEndian(six[2..]);

    private static void Write(Span<byte> six, long value)
    {
        value = Math.Clamp(value, 0, Most);
        BinaryPrimitives.WriteUInt16BigEndian(six, (ushort)(value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(six[2..], (uint)value);
    }
}
