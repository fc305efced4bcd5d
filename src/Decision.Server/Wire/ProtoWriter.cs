using System.Buffers.Binary;
using System.Text;
using Google.Protobuf;

namespace Decision.Server.Wire;

/// <summary>
/// Writes a protobuf message field by field, without making its objects. The library reckons the size of every inner message anew for each one
/// around it; here a message is written first and its length put before it.
/// </summary>
internal sealed class ProtoWriter
{
    private const int WireVarint = 0;
    private const int WireFixed64 = 1;
    private const int WireLengthDelimited = 2;
    private const int BitsOfWireType = 3;
    private const int LongestVarint = 10;
    private const int LongestUtf8OfChar = 3;
    private const int LongestOfOneByte = 0x7F;

    private byte[] _buffer = new byte[2048];
    private int _length;

    /// <summary>Begins a new message; the one before is gone.</summary>
    public void Clear() => _length = 0;

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => _buffer.AsSpan(0, _length).ToArray();

    /// <summary>What was written; until the next message.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>How long <see cref="WriteBytes"/> is, of a field with a number up to 15.</summary>
    public static int SizeOfBytes(int length) => 1 + SizeOfVarint((ulong)length) + length;

    /// <summary>Writes an inner message or bytes that are there already, into a field with a number up to 15.</summary>
    /// <returns>Bytes written.</returns>
    public static int WriteBytes(Span<byte> target, int field, ReadOnlySpan<byte> value)
    {
        target[0] = (byte)((field << BitsOfWireType) | WireLengthDelimited);
        int at = 1 + WriteVarint(target[1..], (ulong)value.Length);
        value.CopyTo(target[at..]);
        return at + value.Length;
    }

    /// <summary>Fields that were written before.</summary>
    public void Raw(ReadOnlySpan<byte> fields)
    {
        fields.CopyTo(Next(fields.Length));
        _length += fields.Length;
    }

    public void Number(int field, long value)
    {
        Tag(field, WireVarint);
        Varint((ulong)value);
    }

    public void Flag(int field, bool value) => Number(field, value ? 1 : 0);

    public void Double(int field, double value)
    {
        Tag(field, WireFixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Next(sizeof(double)), value);
        _length += sizeof(double);
    }

    public void Text(int field, string value)
    {
        int mark = Begin(field);
        _length += Encoding.UTF8.GetBytes(value, Next(value.Length * LongestUtf8OfChar));
        End(mark);
    }

    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireLengthDelimited);
        Varint((ulong)value.Length);
        value.CopyTo(Next(value.Length));
        _length += value.Length;
    }

    public void Message(int field, IMessage message)
    {
        int size = message.CalculateSize();
        Tag(field, WireLengthDelimited);
        Varint((ulong)size);
        message.WriteTo(Next(size)[..size]);
        _length += size;
    }

    /// <summary>Begins an inner message; what is written until <see cref="End"/> is its fields.</summary>
    public int Begin(int field)
    {
        Tag(field, WireLengthDelimited);

        // Most are short: room for a length of one byte.
        Next(1);
        return ++_length;
    }

    /// <summary>Ends the inner message that begins there.</summary>
    public void End(int mark)
    {
        int size = _length - mark;
        if (size <= LongestOfOneByte)
        {
            _buffer[mark - 1] = (byte)size;
            return;
        }

        int more = SizeOfVarint((ulong)size) - 1;
        Next(more);
        _buffer.AsSpan(mark, size).CopyTo(_buffer.AsSpan(mark + more));
        _length += more;
        WriteVarint(_buffer.AsSpan(mark - 1), (ulong)size);
    }

    private void Tag(int field, int wireType) => Varint(((ulong)field << BitsOfWireType) | (uint)wireType);

    private void Varint(ulong value)
    {
        var target = Next(LongestVarint);
        if (value <= LongestOfOneByte)
        {
            target[0] = (byte)value;
            _length++;
            return;
        }

        _length += WriteVarint(target, value);
    }

    private static int WriteVarint(Span<byte> target, ulong value)
    {
        int at = 0;
        while (value > 0x7F)
        {
            target[at++] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[at++] = (byte)value;
        return at;
    }

    private static int SizeOfVarint(ulong value)
    {
        int size = 1;
        while ((value >>= 7) > 0)
        {
            size++;
        }

        return size;
    }

    private Span<byte> Next(int room)
    {
        if (_buffer.Length - _length < room)
        {
            Grow(room);
        }

        return _buffer.AsSpan(_length);
    }

    private void Grow(int room) => Array.Resize(ref _buffer, Math.Max(_length + room, _buffer.Length * 2));
}
