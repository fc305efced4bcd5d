using System.Buffers;
using System.Buffers.Binary;

namespace Decision.Engine.Limits;

/// <summary>Writes the bytes of one state and sums them up.</summary>
internal ref struct StateWriter
{
    private readonly IBufferWriter<byte> _writer;
    private uint _sum = StateChecksum.Start;

    public StateWriter(IBufferWriter<byte> writer, byte version, byte kind)
    {
        _writer = writer;
        Bytes([version, kind]);
    }

    public void Number(long value)
    {
        Span<byte> bytes = stackalloc byte[10];
        ulong rest = (ulong)value;
        int length = 0;
        while (rest >= 0x80)
        {
            bytes[length++] = (byte)(rest | 0x80);
            rest >>= 7;
        }

        bytes[length++] = (byte)rest;
        Bytes(bytes[..length]);
    }

    public readonly void Checksum()
    {
        Span<byte> bytes = stackalloc byte[StateChecksum.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, _sum);
        _writer.Write(bytes);
    }

    private void Bytes(scoped ReadOnlySpan<byte> bytes)
    {
        _sum = StateChecksum.Add(_sum, bytes);
        _writer.Write(bytes);
    }
}
