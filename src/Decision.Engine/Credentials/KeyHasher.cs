using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace Decision.Engine.Credentials;

/// <summary>Hashes of keys, and their comparison in constant time. Copies of the text are cleared after use.</summary>
public static class KeyHasher
{
    // A key of up to so many characters is hashed without allocating.
    private const int MaximumStackCharacters = 1024;

    private const int MaximumBytesPerCharacter = 3;

    // Kept for each thread: making the platform's hash object, and preparing its key, costs more than hashing a key's text.
    [ThreadStatic]
    private static IncrementalHash? t_plain;

    [ThreadStatic]
    private static KeyedHash? t_keyed;

    /// <summary>SHA-256 of the token's UTF-8 bytes.</summary>
    /// <param name="token">The key's text, of any length.</param>
    /// <param name="into">At least <see cref="KeyHash.ByteLength"/> bytes.</param>
    /// <exception cref="ArgumentException"><paramref name="into"/> is too short.</exception>
    public static void Sha256(ReadOnlySpan<char> token, Span<byte> into) => Hash(keyed: false, default, token, into);

    /// <summary>HMAC-SHA-256 of the text's UTF-8 bytes.</summary>
    /// <param name="secretsKey"><c>Secrets:Key</c>, at least <see cref="SecretsKey.MinimumLength"/> bytes.</param>
    /// <param name="text">The key's text, of any length.</param>
    /// <param name="into">At least <see cref="KeyHash.ByteLength"/> bytes.</param>
    /// <exception cref="ArgumentException">The key or <paramref name="into"/> is too short.</exception>
    public static void Hmac(ReadOnlySpan<byte> secretsKey, ReadOnlySpan<char> text, Span<byte> into)
    {
        SecretsKey.Require(secretsKey);
        Hash(keyed: true, secretsKey, text, into);
    }

    /// <summary>Whether two hashes are equal, in a time that depends only on their lengths.</summary>
    public static bool Matches(ReadOnlySpan<byte> stored, ReadOnlySpan<byte> computed) =>
        !stored.IsEmpty && CryptographicOperations.FixedTimeEquals(stored, computed);

    /// <summary>
    /// Whether the presented key has this hash and the hash is live. A key longer than <see cref="PresentedKey.MaximumLength"/> or an empty
    /// one never matches, nor does a keyed hash where <paramref name="secretsKey"/> is missing.
    /// </summary>
    /// <param name="stored">A hash of the key's record.</param>
    /// <param name="presented">The key, <c>Bearer </c> removed.</param>
    /// <param name="secretsKey"><c>Secrets:Key</c>; only read for keyed hashes.</param>
    /// <param name="nowUs">Microseconds since the Unix epoch.</param>
    public static bool Matches(KeyHash stored, ReadOnlySpan<char> presented, ReadOnlySpan<byte> secretsKey, long nowUs)
    {
        bool keyed = stored.Scheme == KeyHashScheme.HmacSha256;
        if (presented.IsEmpty || presented.Length > PresentedKey.MaximumLength
            || (keyed && secretsKey.Length < SecretsKey.MinimumLength) || !stored.IsLiveAt(nowUs))
        {
            return false;
        }

        Span<byte> computed = stackalloc byte[KeyHash.ByteLength];
        Hash(keyed, secretsKey, presented, computed);
        return Matches(stored.Value.AsSpan(), computed);
    }

    private static void Hash(bool keyed, ReadOnlySpan<byte> key, ReadOnlySpan<char> text, Span<byte> into)
    {
        if (into.Length < KeyHash.ByteLength)
        {
            throw new ArgumentException($"A hash needs {KeyHash.ByteLength} bytes, {into.Length} were given.", nameof(into));
        }

        byte[]? pooled = null;
        Span<byte> bytes = text.Length <= MaximumStackCharacters
            ? stackalloc byte[text.Length * MaximumBytesPerCharacter]
            : pooled = ArrayPool<byte>.Shared.Rent(Encoding.UTF8.GetByteCount(text));
        try
        {
            int length = Encoding.UTF8.GetBytes(text, bytes);
            var hash = keyed ? Keyed(key) : t_plain ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(bytes[..length]);
            hash.GetHashAndReset(into);
        }
        catch
        {
            // What was appended must not begin the next hash.
            (t_plain, t_keyed) = (null, null);
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
            if (pooled is not null)
            {
                ArrayPool<byte>.Shared.Return(pooled);
            }
        }
    }

    private static IncrementalHash Keyed(ReadOnlySpan<byte> key)
    {
        if (t_keyed is not { } keyed || !CryptographicOperations.FixedTimeEquals(keyed.Key, key))
        {
            t_keyed?.Hash.Dispose();
            t_keyed = keyed = new KeyedHash(key.ToArray(), IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));
        }

        return keyed.Hash;
    }

    private sealed record KeyedHash(byte[] Key, IncrementalHash Hash);
}
