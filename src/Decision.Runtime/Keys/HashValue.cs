using System.Runtime.InteropServices;

namespace Decision.Runtime.Keys;

/// <summary>A 32-byte hash as a value, so that it can be looked up without an allocation.</summary>
internal readonly record struct HashValue(ulong A, ulong B, ulong C, ulong D)
{
    public static HashValue From(ReadOnlySpan<byte> bytes)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        return new HashValue(words[0], words[1], words[2], words[3]);
    }

    // The bytes are a hash already.
    public override int GetHashCode() => A.GetHashCode();
}
