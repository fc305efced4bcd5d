using System.Security.Cryptography;
using Decision.Engine.Credentials;

namespace Decision.Runtime.Keys;

/// <summary>Compares a presented text with the hashes that a key is known by.</summary>
internal sealed class KeyProof(byte[] secretsKey)
{
    private readonly TokenFingerprint _fingerprint = new(RandomNumberGenerator.GetBytes(TokenFingerprint.RandomLength));

    /// <summary>Whether the text is the key's token. Most requests carry the same one: it is hashed once, and known again by its fingerprint.</summary>
    public bool IsToken(KeyEntry entry, ReadOnlySpan<char> text, long nowUs)
    {
        bool hasFingerprint = _fingerprint.TryCompute(text, out var fingerprint);
        if (hasFingerprint && entry.KnownToken is { } known && known.Is(fingerprint, nowUs))
        {
            return true;
        }

        foreach (var hash in entry.Record.Hashes)
        {
            if (KeyHasher.Matches(hash, text, secretsKey, nowUs))
            {
                entry.KnownToken = hasFingerprint ? new KnownToken(hash, fingerprint) : null;
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether the text is the key's, a token or a custom one. A keyed hash that was computed to look the key up is not computed again.</summary>
    public bool IsText(KeyEntry entry, ReadOnlySpan<char> text, long nowUs, ReadOnlySpan<byte> keyed = default)
    {
        foreach (var hash in entry.Record.Hashes)
        {
            bool isComputed = !keyed.IsEmpty && hash.Scheme == KeyHashScheme.HmacSha256;
            if (isComputed ? hash.IsLiveAt(nowUs) && KeyHasher.Matches(hash.Value.AsSpan(), keyed) : KeyHasher.Matches(hash, text, secretsKey, nowUs))
            {
                return true;
            }
        }

        return false;
    }
}
