using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Decision.Server.Callers;

/// <summary>SHA-256 of a caller's token. Found by its value: nobody who does not have the token can come near it byte by byte.</summary>
internal readonly record struct TokenHash(ulong First, ulong Second, ulong Third, ulong Fourth)
{
    private const int OnStack = 512;

    public static TokenHash Of(string token)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        int length = Encoding.UTF8.GetByteCount(token);
        Span<byte> text = length <= OnStack ? stackalloc byte[length] : new byte[length];
        Encoding.UTF8.GetBytes(token, text);
        SHA256.HashData(text, hash);
        return OfBytes(hash);
    }

    /// <summary>From 64 hexadecimal digits.</summary>
    public static bool TryParse(string text, out TokenHash hash)
    {
        hash = default;
        if (text.Length != 2 * SHA256.HashSizeInBytes || !text.All(char.IsAsciiHexDigit))
        {
            return false;
        }

        hash = OfBytes(Convert.FromHexString(text));
        return true;
    }

    private static TokenHash OfBytes(ReadOnlySpan<byte> bytes)
    {
        var parts = MemoryMarshal.Cast<byte, ulong>(bytes);
        return new TokenHash(parts[0], parts[1], parts[2], parts[3]);
    }
}
