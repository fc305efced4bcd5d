using System.Buffers.Binary;
using System.Security.Cryptography;
using Decision.Engine.Credentials;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Administration;

/// <summary>Makes what is random about keys: ids, texts, signature secrets, versions; and hashes and seals them.</summary>
internal sealed class KeySecrets(IOptions<RuntimeOptions> options)
{
    private readonly byte[] _secretsKey = options.Value.SecretsKey;

    public static string NewId() => KeyToken.CreateId(RandomNumberGenerator.GetBytes(KeyToken.IdRandomLength));

    public static string NewToken(string keyId) => KeyToken.Create(keyId, RandomNumberGenerator.GetBytes(KeyToken.SecretRandomLength));

    public static string NewHmacString() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static ulong NewVersion()
    {
        ulong version;
        do
        {
            version = BinaryPrimitives.ReadUInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(ulong)));
        }
        while (version == 0);
        return version;
    }

    /// <summary>Our own texts are random enough for a plain hash; what a person chose needs a keyed one.</summary>
    public KeyHash Hash(string text, bool isCustom)
    {
        byte[] hash = new byte[KeyHash.ByteLength];
        if (isCustom)
        {
            KeyHasher.Hmac(_secretsKey, text, hash);
        }
        else
        {
            KeyHasher.Sha256(text, hash);
        }

        return new KeyHash(isCustom ? KeyHashScheme.HmacSha256 : KeyHashScheme.Sha256, [.. hash]);
    }

    public string Seal(string keyId, string plain) =>
        plain.Length == 0 ? "" : SecretBox.Seal(_secretsKey, keyId, plain, RandomNumberGenerator.GetBytes(SecretBox.NonceLength));
}
