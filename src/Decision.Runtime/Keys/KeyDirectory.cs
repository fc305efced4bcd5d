using System.Collections.Concurrent;
using Decision.Engine;
using Decision.Engine.Credentials;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Keys;

/// <summary>
/// Finds the key that a client presents, by the id in it or by its hash, and compares it with what the record says.
/// </summary>
internal sealed class KeyDirectory(KeyRecords records, IOptions<RuntimeOptions> options)
{
    private readonly ConcurrentDictionary<HashValue, string> _customIds = new();
    private readonly byte[] _secretsKey = options.Value.SecretsKey;
    private readonly KeyProof _proof = new(options.Value.SecretsKey);
    private readonly int _capacity = options.Value.CachedKeys;

    /// <summary>The records.</summary>
    public KeyRecords Records => records;

    /// <summary>Finds a key in memory alone.</summary>
    /// <returns>False = the store must be asked, with <see cref="FindAsync"/>.</returns>
    public bool TryFind(ReadOnlySpan<char> presented, long nowUs, out KeyFinding found)
    {
        var form = PresentedKey.Read(presented, out var text);
        if (form is PresentedKeyForm.None or PresentedKeyForm.TooLong)
        {
            found = new KeyFinding(form == PresentedKeyForm.None ? KeyPresence.Missing : KeyPresence.Unknown);
            return true;
        }

        if (form == PresentedKeyForm.Signature && KeyToken.IsId(text))
        {
            if (records.TryGet(text, out var named))
            {
                found = new KeyFinding(KeyPresence.FoundById, named, IsFromMemory: true);
                return true;
            }

            // A custom key may have the shape of an id; one that is too short to be a key can still be an id.
            found = new KeyFinding(KeyPresence.Unknown);
            bool isUnknown = records.IsUnknown(text);
            return text.Length < options.Value.MinimumCustomLength
                ? isUnknown
                : TryFindCustom(text, nowUs, out found) && (isUnknown || found.Presence != KeyPresence.Unknown);
        }

        if (KeyToken.LooksLike(text))
        {
            // In memory the hash tells a wrong text, so that the checksum need not be computed.
            if (KeyToken.TryReadIdUnchecked(text, out var id) && records.TryGet(id, out var entry))
            {
                bool isToken = _proof.IsToken(entry!, text, nowUs);
                found = new KeyFinding(isToken ? KeyPresence.Found : KeyPresence.Unknown, entry, IsFromMemory: true);
                return true;
            }

            // A wrong checksum is nobody's key: the store is not asked.
            found = new KeyFinding(KeyPresence.Unknown);
            return !KeyToken.TryReadId(text, out id) || records.IsUnknown(id);
        }

        if (text.Length < options.Value.MinimumCustomLength)
        {
            found = new KeyFinding(KeyPresence.Unknown);
            return true;
        }

        return TryFindCustom(text, nowUs, out found);
    }

    /// <summary>Finds a key in memory or in the store.</summary>
    /// <param name="presented">What the client presented.</param>
    /// <param name="nowUs">Now, in microseconds since the Unix epoch.</param>
    /// <param name="asksStore">True = the record is read from the store also where one is in memory.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<KeyFinding> FindAsync(string presented, long nowUs, bool asksStore, CancellationToken cancellation)
    {
        string? id = IdOf(presented, out bool isById, out string? hash);
        if (id is not null && await records.GetAsync(id, asksStore, cancellation).ConfigureAwait(false) is { Entry: not null } named)
        {
            return isById ? named : Verified(named, presented, nowUs);
        }

        if (hash is null)
        {
            return new KeyFinding(KeyPresence.Unknown);
        }

        var text = HashValue.From(Convert.FromHexString(hash));
        long before = records.TextWrites;
        if (await records.OwnerOfAsync(hash, text, asksStore, cancellation).ConfigureAwait(false) is not { } owner)
        {
            return new KeyFinding(KeyPresence.Unknown);
        }

        var found = await records.GetAsync(owner, asksStore, cancellation).ConfigureAwait(false);
        found = found.Entry is null ? new KeyFinding(KeyPresence.Unknown) : Verified(found, presented, nowUs);
        if (found.Presence == KeyPresence.Found)
        {
            Remember(text, owner);
        }
        else
        {
            records.ForgetOwner(text, before);
        }

        return found;
    }

    /// <summary>Finds a key by its id, in memory or in the store, for callers that have proved it themselves.</summary>
    public async ValueTask<KeyFinding> FindByIdAsync(string keyId, bool asksStore, CancellationToken cancellation) =>
        await records.GetAsync(keyId, asksStore, cancellation).ConfigureAwait(false) is { Entry: not null } named
            ? named with { Presence = KeyPresence.Found }
            : new KeyFinding(KeyPresence.Unknown);

    private bool TryFindCustom(ReadOnlySpan<char> text, long nowUs, out KeyFinding found)
    {
        found = new KeyFinding(KeyPresence.Unknown);
        Span<byte> hash = stackalloc byte[KeyHash.ByteLength];
        KeyHasher.Hmac(_secretsKey, text, hash);
        var value = HashValue.From(hash);
        if (!_customIds.TryGetValue(value, out string? id) || !records.TryGet(id, out var entry))
        {
            return records.IsUnknownText(value);
        }

        if (_proof.IsText(entry!, text, nowUs, hash))
        {
            found = new KeyFinding(KeyPresence.Found, entry, IsFromMemory: true);
            return true;
        }

        // The key gave the text up, and another one may have it by now: only the store knows.
        _customIds.TryRemove(new KeyValuePair<HashValue, string>(value, id));
        return false;
    }

    private KeyFinding Verified(KeyFinding named, string presented, long nowUs)
    {
        PresentedKey.Read(presented, out var text);
        return named with { Presence = _proof.IsText(named.Entry!, text, nowUs) ? KeyPresence.Found : KeyPresence.Unknown };
    }

    // The key's id where the text tells it, and the hash to look it up by where no key has that id; neither = no key can have this text.
    private string? IdOf(string presented, out bool isById, out string? hash)
    {
        isById = false;
        hash = null;
        var form = PresentedKey.Read(presented, out var text);
        if (form is PresentedKeyForm.None or PresentedKeyForm.TooLong)
        {
            return null;
        }

        if (form == PresentedKeyForm.Signature && KeyToken.IsId(text))
        {
            isById = true;
            hash = HashOf(text);
            return text.ToString();
        }

        if (KeyToken.LooksLike(text))
        {
            return KeyToken.TryReadId(text, out var id) ? id.ToString() : null;
        }

        hash = HashOf(text);
        return null;
    }

    private string? HashOf(ReadOnlySpan<char> text)
    {
        if (text.Length < options.Value.MinimumCustomLength)
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[KeyHash.ByteLength];
        KeyHasher.Hmac(_secretsKey, text, bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private void Remember(HashValue text, string keyId)
    {
        // Only a hint: the record is the authority, and is asked each time. So it may be dropped at any time.
        if (_customIds.Count >= _capacity)
        {
            _customIds.Clear();
        }

        _customIds[text] = keyId;
    }
}
