using System.Buffers.Binary;

namespace Decision.Engine.Limits;

/// <summary>Reads the bytes of one state, once its version and checksum are right.</summary>
internal ref struct StateReader
{
    private ReadOnlySpan<byte> _rest;

    public readonly bool IsAtEnd => _rest.IsEmpty;

    public static bool TryOpen(ReadOnlySpan<byte> bytes, byte version, out StateReader reader, out byte kind)
    {
        reader = default;
        kind = 0;
        int length = bytes.Length - StateChecksum.Length;
        if (length < 2
            || bytes[0] != version
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes[length..]) != StateChecksum.Add(StateChecksum.Start, bytes[..length]))
        {
            return false;
        }

        kind = bytes[1];
        reader._rest = bytes[2..length];
        return true;
    }

    /// <summary>Reads a number that must lie between two bounds and be written in the shortest way.</summary>
    public bool TryNumber(long least, long most, out long value)
    {
        value = 0;
        for (int i = 0; i < 9 && i < _rest.Length; i++)
        {
            byte next = _rest[i];
            value |= (long)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return (next != 0 || i == 0) && value >= least && value <= most;
            }
        }

        return false;
    }
}
