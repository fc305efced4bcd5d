using System.Security.Cryptography;

namespace Decision.Runtime.Transfer;

/// <summary>Tells whether two stores have the same <c>Secrets:Key</c> without telling the key.</summary>
public static class SecretsFingerprint
{
    private const int Length = 8;

    /// <summary>16 hexadecimal digits: the beginning of an HMAC-SHA-256 of a fixed text.</summary>
    public static string Of(ReadOnlySpan<byte> secretsKey) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(secretsKey, "decision export v1"u8).AsSpan(0, Length));
}
