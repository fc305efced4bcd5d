using System.Text;

namespace Decision.Storage.Embedded.Counters;

/// <summary>What <see cref="CounterLog"/> wrote with a <see cref="BinaryWriter"/>, read from a chunk where it lies: a start reads millions of records.</summary>
/// <exception cref="FormatException">Each member: the chunk is damaged.</exception>
internal ref struct CounterLogChunk(ReadOnlySpan<byte> chunk)
{
    private ReadOnlySpan<byte> _rest = chunk;

    /// <summary>Whether all of it was read.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>One byte.</summary>
    public byte Byte() => Take(1)[0];

    /// <summary>A number from 0 on.</summary>
    public int Number() => checked((int)LongNumber());

    /// <summary>A number from 0 on.</summary>
    public long LongNumber()
    {
        ulong number = 0;
        for (int bits = 0; bits < 63; bits += 7)
        {
            byte next = Byte();
            number |= (ulong)(next & 0x7F) << bits;
            if (next < 0x80)
            {
                return (long)number;
            }
        }

        throw new FormatException("A number is too long.");
    }

    /// <summary>A text after its length in bytes.</summary>
    public string Text() => Encoding.UTF8.GetString(Take(Number()));

    /// <summary>Bytes.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > _rest.Length)
        {
            throw new FormatException("The chunk ends within a record.");
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
