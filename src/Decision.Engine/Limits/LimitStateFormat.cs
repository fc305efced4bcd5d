using System.Buffers;

namespace Decision.Engine.Limits;

/// <summary>
/// States as bytes, for stores: a version byte, a byte for what it is, numbers as base-128 varints, and four bytes of checksum. What is
/// cut off, damaged, of another version or impossible is not read: reading answers false and never throws.
/// </summary>
/// <remarks>
/// Rate (kind byte = algorithm): period, maximum, newest stamp; then for the log the age of the newest entry's first stamp, the number of
/// entries less one, the units of the newest, and from there back each entry's distance and units; for the bucket the time until full and
/// the rest; for windows the age of the start and the counts. Nothing recorded is kind 254. Quota (kind 255): start, used.
/// </remarks>
public static class LimitStateFormat
{
    private const byte Version = 1;
    private const byte EmptyRate = 254;
    private const byte Quota = 255;

    /// <summary>Writes a rate counter's state.</summary>
    public static void Write(IBufferWriter<byte> writer, in RateState state)
    {
        var output = new StateWriter(writer, Version, state.IsEmpty ? EmptyRate : (byte)state.Kind);
        if (!state.IsEmpty)
        {
            output.Number(state.PeriodUs);
            output.Number(state.Max);
            output.Number(state.NewestUs);
            WriteRecorded(ref output, state);
        }

        output.Checksum();
    }

    /// <summary>Writes a quota counter's state.</summary>
    public static void Write(IBufferWriter<byte> writer, in QuotaState state)
    {
        var output = new StateWriter(writer, Version, Quota);
        output.Number(state.StartUs);
        output.Number(state.Used);
        output.Checksum();
    }

    /// <summary>Reads a rate counter's state. The whole span must be one state.</summary>
    /// <returns>Whether it was one; if not, <paramref name="state"/> has nothing recorded.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out RateState state)
    {
        state = default;
        if (!StateReader.TryOpen(bytes, Version, out StateReader input, out byte kind))
        {
            return false;
        }

        if (kind == EmptyRate)
        {
            return input.IsAtEnd;
        }

        if (kind > (byte)RateAlgorithm.SlidingWindow
            || !input.TryNumber(1, LimitBounds.MaxPeriodUs, out long period)
            || !input.TryNumber(1, uint.MaxValue, out long max)
            || !input.TryNumber(0, LimitBounds.MaxInstantUs, out long newest))
        {
            return false;
        }

        var read = new RateState { Kind = (RateAlgorithm)kind, PeriodUs = period, Max = (uint)max, NewestUs = newest };
        if (!TryReadRecorded(ref input, ref read) || !input.IsAtEnd)
        {
            return false;
        }

        state = read;
        return true;
    }

    /// <summary>Reads a quota counter's state. The whole span must be one state.</summary>
    /// <returns>Whether it was one; if not, <paramref name="state"/> has no period running.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out QuotaState state)
    {
        state = default;
        if (!StateReader.TryOpen(bytes, Version, out StateReader input, out byte kind)
            || kind != Quota
            || !input.TryNumber(0, LimitBounds.MaxInstantUs, out long start)
            || !input.TryNumber(0, start == 0 ? 0 : LimitBounds.MaxQuotaUnits, out long used)
            || !input.IsAtEnd)
        {
            return false;
        }

        state = new QuotaState(start, used);
        return true;
    }

    private static void WriteRecorded(ref StateWriter output, in RateState state)
    {
        switch (state.Kind)
        {
            case RateAlgorithm.TokenBucket:
                output.Number(state.MarkUs - state.NewestUs);
                output.Number(state.Count);
                break;
            case RateAlgorithm.FixedWindow:
                output.Number(state.NewestUs - state.MarkUs);
                output.Number(state.Count);
                break;
            case RateAlgorithm.SlidingWindow:
                output.Number(state.NewestUs - state.MarkUs);
                output.Number(state.Count);
                output.Number(state.Previous);
                break;
            default:
                WriteEntries(ref output, state);
                break;
        }
    }

    private static void WriteEntries(ref StateWriter output, in RateState state)
    {
        EntryLog? log = state.Log;
        output.Number(state.NewestUs - state.MarkUs);
        output.Number(log is null ? 0 : log.Count - 1);
        output.Number(log is null ? state.Count : log.UnitsAt(log.Count - 1));
        for (int i = (log?.Count ?? 0) - 2; i >= 0; i--)
        {
            output.Number(log!.StampAt(i + 1) - log.StampAt(i));
            output.Number(log.UnitsAt(i));
        }
    }

    private static bool TryReadRecorded(ref StateReader input, ref RateState state)
    {
        long number;
        switch (state.Kind)
        {
            case RateAlgorithm.TokenBucket:
                if (!input.TryNumber(0, LimitBounds.MaxDebtUs, out number))
                {
                    return false;
                }

                state.MarkUs = state.NewestUs + number;
                return TryCount(ref input, 0, state.Max - 1, out state.Count);
            case RateAlgorithm.FixedWindow:
                return TryWindowStart(ref input, ref state) && TryCount(ref input, 1, uint.MaxValue, out state.Count);
            case RateAlgorithm.SlidingWindow:
                return TryWindowStart(ref input, ref state)
                    && TryCount(ref input, 1, uint.MaxValue, out state.Count)
                    && TryCount(ref input, 0, uint.MaxValue, out state.Previous);
            default:
                if (!input.TryNumber(0, state.NewestUs, out number))
                {
                    return false;
                }

                state.MarkUs = state.NewestUs - number;
                return TryReadEntries(ref input, ref state);
        }
    }

    private static bool TryWindowStart(ref StateReader input, ref RateState state)
    {
        long into = state.NewestUs % state.PeriodUs;
        state.MarkUs = state.NewestUs - into;
        return input.TryNumber(into, into, out _);
    }

    private static bool TryCount(ref StateReader input, long least, long most, out uint count)
    {
        bool read = input.TryNumber(least, most, out long number);
        count = (uint)number;
        return read;
    }

    private static bool TryReadEntries(ref StateReader input, ref RateState state)
    {
        if (!input.TryNumber(0, EntryLog.MaxEntries - 1, out long older) || !TryCount(ref input, 1, uint.MaxValue, out uint units))
        {
            return false;
        }

        if (older == 0)
        {
            state.Count = units;
            return true;
        }

        // Written from the newest back, appended from the oldest on.
        Span<long> stamps = stackalloc long[(int)older + 1];
        Span<uint> sizes = stackalloc uint[(int)older + 1];
        stamps[^1] = state.NewestUs;
        sizes[^1] = units;
        long total = units;
        for (int i = (int)older - 1; i >= 0; i--)
        {
            if (!input.TryNumber(1, stamps[i + 1], out long distance) || !TryCount(ref input, 1, uint.MaxValue - total, out sizes[i]))
            {
                return false;
            }

            stamps[i] = stamps[i + 1] - distance;
            total += sizes[i];
        }

        state.Log = new EntryLog(stamps.Length);
        for (int i = 0; i < stamps.Length; i++)
        {
            state.Log.Append(stamps[i], sizes[i]);
        }

        return true;
    }
}
