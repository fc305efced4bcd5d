using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Decision.Engine.Credentials;

/// <summary>The form of every secret that this service makes: <c>&lt;prefix&gt;&lt;id&gt;_&lt;secret&gt;&lt;checksum&gt;</c>.</summary>
internal static class TokenText
{
    /// <summary>Random bytes of a secret: 160 bits.</summary>
    public const int SecretRandomLength = 20;

    /// <summary>Characters behind the id: <c>_</c>, the secret, the checksum.</summary>
    public const int LengthBehindId = 1 + SecretLength + ChecksumLength;

    // 62^27 is above 2^160, 62^26 is below it.
    private const int SecretLength = 27;
    private const int ChecksumLength = 6;

    /// <summary>A new one. What was used of the stack is wiped.</summary>
    /// <param name="prefix">What it begins with.</param>
    /// <param name="id">The id.</param>
    /// <param name="random">At least <see cref="SecretRandomLength"/> bytes; bytes beyond that are not used.</param>
    public static string Create(string prefix, ReadOnlySpan<char> id, ReadOnlySpan<byte> random)
    {
        Span<char> token = stackalloc char[prefix.Length + id.Length + LengthBehindId];
        prefix.CopyTo(token);
        id.CopyTo(token[prefix.Length..]);
        int secretStart = prefix.Length + id.Length + 1;
        token[secretStart - 1] = '_';
        Span<byte> number = stackalloc byte[SecretRandomLength];
        random[..SecretRandomLength].CopyTo(number);
        Base62.Write(number, token.Slice(secretStart, SecretLength));
        Base62.Write(Crc32.Compute(token[..^ChecksumLength]), token[^ChecksumLength..]);
        string result = new(token);
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(token));
        return result;
    }

    /// <summary>Whether secret and checksum are of the alphabet, and the checksum is that of the whole. The rest was looked at already.</summary>
    public static bool HasChecksum(ReadOnlySpan<char> token) =>
        Base62.IsText(token[^(SecretLength + ChecksumLength)..])
        && Base62.TryRead(token[^ChecksumLength..], out ulong checksum)
        && checksum == Crc32.Compute(token[..^ChecksumLength]);
}
