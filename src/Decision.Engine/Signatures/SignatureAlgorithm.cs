using System.Security.Cryptography;

namespace Decision.Engine.Signatures;

/// <summary>The keyed hashes a client may sign with.</summary>
internal static class SignatureAlgorithm
{
    /// <summary>Bytes of the longest of them.</summary>
    public const int MaximumLength = HMACSHA512.HashSizeInBytes;

    /// <summary>Finds an algorithm by its name in any case; an empty name is hmac-sha1.</summary>
    /// <param name="name">As the client wrote it.</param>
    /// <param name="hash">The hash under the HMAC.</param>
    /// <param name="length">Bytes of a signature.</param>
    /// <param name="problem">Why there is none.</param>
    public static bool TryFind(string name, out HashAlgorithmName hash, out int length, out string? problem)
    {
        problem = null;
        (hash, length) = name.ToLowerInvariant() switch
        {
            "" or "hmac-sha1" => (HashAlgorithmName.SHA1, HMACSHA1.HashSizeInBytes),
            "hmac-sha256" => (HashAlgorithmName.SHA256, HMACSHA256.HashSizeInBytes),
            "hmac-sha384" => (HashAlgorithmName.SHA384, HMACSHA384.HashSizeInBytes),
            "hmac-sha512" => (HashAlgorithmName.SHA512, HMACSHA512.HashSizeInBytes),
            _ => default,
        };
        if (length > 0)
        {
            return true;
        }

        problem = name.StartsWith("rsa", StringComparison.OrdinalIgnoreCase)
            ? "The algorithm is an RSA one, but certificates are not kept here: sign with hmac-sha256, hmac-sha384, hmac-sha512 or hmac-sha1."
            : "The algorithm is not known: sign with hmac-sha256, hmac-sha384, hmac-sha512 or hmac-sha1.";
        return false;
    }

    /// <summary>The signature of the text; <paramref name="into"/> has the algorithm's length.</summary>
    public static void Sign(HashAlgorithmName hash, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> text, Span<byte> into) =>
        CryptographicOperations.HmacData(hash, secret, text, into);
}
