using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Decision.Engine.Credentials;

/// <summary>
/// Keeps a key's <c>hmac_string</c> unreadable at rest: AES-256-GCM, bound to the key's id. The text form is
/// <c>v1.&lt;nonce&gt;.&lt;ciphertext and tag&gt;</c>, both parts base64url without padding.
/// </summary>
public static class SecretBox
{
    /// <summary>Bytes of the nonce.</summary>
    public const int NonceLength = 12;

    private const string Version = "v1";
    private const int KeyLength = 32;
    private const int TagLength = 16;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Sets this use of Secrets:Key apart from every other one.
    private static ReadOnlySpan<byte> Purpose => "decision hmac_string v1"u8;

    /// <summary>Encrypts a secret.</summary>
    /// <param name="secretsKey"><c>Secrets:Key</c>, at least <see cref="SecretsKey.MinimumLength"/> bytes.</param>
    /// <param name="keyId">The key that the secret belongs to; the sealed text opens for no other.</param>
    /// <param name="plain">The secret.</param>
    /// <param name="nonce"><see cref="NonceLength"/> bytes of a cryptographic random source, new for each call: a nonce used twice betrays both secrets.</param>
    /// <exception cref="ArgumentException">The key is too short, the nonce has another length, or a text is not well-formed UTF-16.</exception>
    public static string Seal(ReadOnlySpan<byte> secretsKey, string keyId, string plain, ReadOnlySpan<byte> nonce)
    {
        SecretsKey.Require(secretsKey);
        if (nonce.Length != NonceLength)
        {
            throw new ArgumentException($"The nonce has {nonce.Length} bytes, it must have {NonceLength}.", nameof(nonce));
        }

        byte[] context = StrictUtf8.GetBytes(keyId);
        byte[] clear = StrictUtf8.GetBytes(plain);
        byte[] box = new byte[clear.Length + TagLength];
        Span<byte> key = stackalloc byte[KeyLength];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secretsKey, key, salt: default, Purpose);
            using AesGcm aes = new(key, TagLength);
            aes.Encrypt(nonce, clear, box.AsSpan(0, clear.Length), box.AsSpan(clear.Length), context);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(clear);
        }

        return $"{Version}.{Base64Url.EncodeToString(nonce)}.{Base64Url.EncodeToString(box)}";
    }

    /// <summary>
    /// Decrypts what <see cref="Seal"/> wrote. False where the text was changed in any character, was sealed with another <c>Secrets:Key</c>
    /// or for another key id, or has a form that this version does not know. Never throws for a bad text.
    /// </summary>
    public static bool TryOpen(ReadOnlySpan<byte> secretsKey, string keyId, string sealedText, out string? plain)
    {
        plain = null;
        string[] parts = sealedText.Split('.');
        if (secretsKey.Length < SecretsKey.MinimumLength || parts.Length != 3 || !string.Equals(parts[0], Version, StringComparison.Ordinal)
            || !TryDecode(parts[1], out byte[] nonce) || nonce.Length != NonceLength
            || !TryDecode(parts[2], out byte[] box) || box.Length < TagLength)
        {
            return false;
        }

        byte[] clear = new byte[box.Length - TagLength];
        Span<byte> key = stackalloc byte[KeyLength];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, secretsKey, key, salt: default, Purpose);
            using AesGcm aes = new(key, TagLength);
            aes.Decrypt(nonce, box.AsSpan(0, clear.Length), box.AsSpan(clear.Length), clear, StrictUtf8.GetBytes(keyId));
            plain = StrictUtf8.GetString(clear);
            return true;
        }
        catch (Exception exception) when (exception is CryptographicException or EncoderFallbackException or DecoderFallbackException)
        {
            return false;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(clear);
        }
    }

    private static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        byte[] buffer = new byte[Base64Url.GetMaxDecodedLength(text.Length)];
        if (!Base64Url.IsValid(text) || !Base64Url.TryDecodeFromChars(text, buffer, out int written))
        {
            return false;
        }

        bytes = buffer[..written];
        // White space, padding and stray bits of the last character would be read over: one secret has one text.
        return string.Equals(Base64Url.EncodeToString(bytes), text, StringComparison.Ordinal);
    }
}
