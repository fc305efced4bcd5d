using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Decision.Engine.Limits;

namespace Decision.Storage.Redis.Counters;

/// <summary>A counter's state as limits.lua lays it out in fields of a hash, read from and written to the engine's own format.</summary>
internal static class StoredState
{
    private const int ChunkEntries = 32;
    private const int EntryLength = 12;
    private const int LogLength = 55;
    private const int WindowLength = 37;
    private const int QuotaLength = 25;
    private const byte Quota = 255;

    /// <summary>Field of a counter.</summary>
    public static string FieldOf(string name) => "c/" + name;

    /// <summary>The name in a counter's field; null where the field is something else.</summary>
    public static string? NameOf(string field) => field.StartsWith("c/", StringComparison.Ordinal) ? field[2..] : null;

    /// <summary>Field of a part of a sliding log.</summary>
    public static string ChunkFieldOf(string name, long number) => string.Create(CultureInfo.InvariantCulture, $"e/{number}/{name}");

    /// <summary>Turns stored bytes into the engine's format.</summary>
    /// <param name="bytes">The counter's field.</param>
    /// <param name="chunk">Gives a part of its log by number; null where it is not there.</param>
    /// <param name="idleAtUs">From when on it no longer counts; null = it always does.</param>
    /// <returns>Null where it cannot be read.</returns>
    public static byte[]? Read(ReadOnlySpan<byte> bytes, Func<long, byte[]?> chunk, out long? idleAtUs)
    {
        idleAtUs = null;
        ArrayBufferWriter<byte> writer = new();
        if (bytes.Length == QuotaLength && bytes[0] == Quota)
        {
            long end = Number(bytes, 17);
            idleAtUs = end > 0 ? end : null;
            LimitStateFormat.Write(writer, new QuotaState(Number(bytes, 1), Number(bytes, 9)));
        }
        else if (ReadRate(bytes, chunk) is { } snapshot)
        {
            RateState state = snapshot.ToState();
            idleAtUs = RateMath.IdleAtUs(state);
            LimitStateFormat.Write(writer, state);
        }
        else
        {
            return null;
        }

        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Turns a quota into what is stored. When its period ends is known only from the next spending on.</summary>
    public static byte[] Write(QuotaState state)
    {
        byte[] bytes = new byte[QuotaLength];
        bytes[0] = Quota;
        Write(bytes, 1, state.StartUs);
        Write(bytes, 9, state.Used);
        return bytes;
    }

    /// <summary>Turns a rate into what is stored.</summary>
    /// <param name="snapshot">The state.</param>
    /// <param name="chunks">The parts of its log that lie apart, numbered from 0.</param>
    public static byte[] Write(RateSnapshot snapshot, out List<byte[]> chunks)
    {
        chunks = [];
        if (snapshot.Algorithm != RateAlgorithm.SlidingLog)
        {
            byte[] window = new byte[WindowLength];
            WriteTerms(window, snapshot);
            BinaryPrimitives.WriteUInt32LittleEndian(window.AsSpan(29), snapshot.Count);
            BinaryPrimitives.WriteUInt32LittleEndian(window.AsSpan(33), snapshot.Previous);
            return window;
        }

        uint sum = 0;
        byte[] entries = new byte[snapshot.Entries.Count * EntryLength];
        for (int i = 0; i < snapshot.Entries.Count; i++)
        {
            sum = unchecked(sum + snapshot.Entries[i].Units);
            Write(entries, i * EntryLength, snapshot.Entries[i].StampUs);
            BinaryPrimitives.WriteUInt32LittleEndian(entries.AsSpan((i * EntryLength) + 8), sum);
        }

        int apart = Math.Max(0, (snapshot.Entries.Count - 1) / ChunkEntries);
        for (int i = 0; i < apart; i++)
        {
            chunks.Add(entries[(i * ChunkEntries * EntryLength)..((i + 1) * ChunkEntries * EntryLength)]);
        }

        byte[] tail = entries[(apart * ChunkEntries * EntryLength)..];
        byte[] log = new byte[LogLength + tail.Length];
        WriteTerms(log, snapshot);
        log[29] = snapshot.Entries.Count > 1 ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32LittleEndian(log.AsSpan(34), (uint)apart);
        Write(log, 39, snapshot.Entries[0].StampUs);
        BinaryPrimitives.WriteUInt32LittleEndian(log.AsSpan(51), sum);
        tail.CopyTo(log, LogLength);
        return log;
    }

    private static void WriteTerms(byte[] bytes, RateSnapshot snapshot)
    {
        bytes[0] = (byte)snapshot.Algorithm;
        Write(bytes, 1, snapshot.PeriodUs);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(9), snapshot.Max);
        Write(bytes, 13, snapshot.NewestUs);
        Write(bytes, 21, snapshot.MarkUs);
    }

    private static RateSnapshot? ReadRate(ReadOnlySpan<byte> bytes, Func<long, byte[]?> chunk)
    {
        if (bytes.Length < WindowLength || bytes[0] > (byte)RateAlgorithm.SlidingWindow)
        {
            return null;
        }

        RateSnapshot terms = new()
        {
            Algorithm = (RateAlgorithm)bytes[0],
            PeriodUs = Number(bytes, 1),
            Max = BinaryPrimitives.ReadUInt32LittleEndian(bytes[9..]),
            NewestUs = Number(bytes, 13),
            MarkUs = Number(bytes, 21),
        };
        if (terms.Algorithm != RateAlgorithm.SlidingLog)
        {
            return bytes.Length != WindowLength
                ? null
                : terms with
                {
                    Count = BinaryPrimitives.ReadUInt32LittleEndian(bytes[29..]),
                    Previous = BinaryPrimitives.ReadUInt32LittleEndian(bytes[33..]),
                };
        }

        if (bytes.Length < LogLength || (bytes.Length - LogLength) % EntryLength != 0)
        {
            return null;
        }

        ArrayBufferWriter<byte> entries = new();
        uint head = BinaryPrimitives.ReadUInt32LittleEndian(bytes[30..]);
        uint tail = BinaryPrimitives.ReadUInt32LittleEndian(bytes[34..]);
        for (uint number = head; number < tail; number++)
        {
            if (chunk(number) is not { Length: ChunkEntries * EntryLength } part)
            {
                return null;
            }

            entries.Write(part);
        }

        entries.Write(bytes[LogLength..]);
        return ReadEntries(terms, entries.WrittenSpan[(bytes[38] * EntryLength)..], BinaryPrimitives.ReadUInt32LittleEndian(bytes[47..]));
    }

    private static RateSnapshot? ReadEntries(RateSnapshot terms, ReadOnlySpan<byte> bytes, uint sumBefore)
    {
        var entries = new RateEntry[bytes.Length / EntryLength];
        for (int i = 0; i < entries.Length; i++)
        {
            uint sum = BinaryPrimitives.ReadUInt32LittleEndian(bytes[((i * EntryLength) + 8)..]);
            entries[i] = new RateEntry(Number(bytes, i * EntryLength), unchecked(sum - sumBefore));
            sumBefore = sum;
        }

        // What was given back leaves an entry of nothing; the engine's format has none such.
        RateEntry[] counted = [.. entries.Where(entry => entry.Units > 0)];
        return counted.Length > 0 ? terms with { Entries = counted, NewestUs = counted[^1].StampUs, MarkUs = Math.Min(terms.MarkUs, counted[^1].StampUs) } : null;
    }

    private static long Number(ReadOnlySpan<byte> bytes, int at) => (long)BinaryPrimitives.ReadDoubleLittleEndian(bytes[at..]);

    private static void Write(byte[] bytes, int at, long number) => BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(at), number);

    /// <summary>Whose counters a hash without a record has, from its field s.</summary>
    public static Engine.Charges.Subject? SubjectOf(byte[]? stored) => stored is { Length: > 0 } && Enum.IsDefined((Engine.Charges.SubjectKind)stored[0])
        ? new Engine.Charges.Subject((Engine.Charges.SubjectKind)stored[0], Encoding.UTF8.GetString(stored.AsSpan(1)))
        : null;
}
