using System.Collections.Concurrent;
using Decision.Engine;
using Decision.Engine.Credentials;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Keys;

/// <summary>
/// Finds the key that a client presents: in memory, else in the store. Bounded; what is written is dropped from memory before the
/// write's call returns, so that the next request sees it.
/// </summary>
internal sealed class KeyDirectory(IKeyStore store, TimeProvider time, IOptions<RuntimeOptions> options)
{
    private const int Stripes = 256;

    private readonly ConcurrentDictionary<string, KeyEntry> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<HashValue, string> _customIds = new();
    private readonly Stripe[] _stripes = [.. Enumerable.Range(0, Stripes).Select(_ => new Stripe())];
    private readonly byte[] _secretsKey = options.Value.SecretsKey;
    private readonly KeyProof _proof = new(options.Value.SecretsKey);
    private readonly int _capacity = options.Value.CachedKeys;

    /// <summary>Keys in memory.</summary>
    public int Count => _entries.Count;

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
            if (TryGet(text, out var named))
            {
                found = new KeyFinding(KeyPresence.FoundById, named, IsFromMemory: true);
                return true;
            }

            // A custom key may have the shape of an id; one that is too short to be a key can still be an id.
            found = default;
            return text.Length >= options.Value.MinimumCustomLength && TryFindCustom(text, nowUs, out found);
        }

        if (KeyToken.LooksLike(text))
        {
            // In memory the hash tells a wrong text, so that the checksum need not be computed.
            if (KeyToken.TryReadIdUnchecked(text, out var id) && TryGet(id, out var entry))
            {
                bool isToken = _proof.IsToken(entry!, text, nowUs);
                found = new KeyFinding(isToken ? KeyPresence.Found : KeyPresence.Unknown, entry, IsFromMemory: true);
                return true;
            }

            // A wrong checksum is nobody's key: the store is not asked.
            found = new KeyFinding(KeyPresence.Unknown);
            return !KeyToken.TryReadId(text, out _);
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
        if (id is not null && await GetAsync(id, asksStore, cancellation).ConfigureAwait(false) is { Entry: not null } named)
        {
            return isById ? named : Verified(named, presented, nowUs);
        }

        if (hash is null
            || await store.FindIdByHashAsync(hash, cancellation).ConfigureAwait(false) is not { } owner
            || await GetAsync(owner, asksStore, cancellation).ConfigureAwait(false) is not { Entry: not null } entry)
        {
            return new KeyFinding(KeyPresence.Unknown);
        }

        var found = Verified(entry, presented, nowUs);
        if (found.Presence == KeyPresence.Found)
        {
            Remember(hash, owner);
        }

        return found;
    }

    /// <summary>Finds a key by its id, in memory or in the store, for callers that have proved it themselves.</summary>
    public async ValueTask<KeyFinding> FindByIdAsync(string keyId, CancellationToken cancellation) =>
        await GetAsync(keyId, asksStore: false, cancellation).ConfigureAwait(false) is { Entry: not null } named
            ? named with { Presence = KeyPresence.Found }
            : new KeyFinding(KeyPresence.Unknown);

    /// <summary>Forgets a key; called after each write of it, before the write's call returns.</summary>
    public void Forget(string keyId)
    {
        var stripe = StripeOf(keyId);
        lock (stripe)
        {
            stripe.Writes++;
            _entries.TryRemove(keyId, out _);
        }
    }

    private bool TryFindCustom(ReadOnlySpan<char> text, long nowUs, out KeyFinding found)
    {
        found = default;
        Span<byte> hash = stackalloc byte[KeyHash.ByteLength];
        KeyHasher.Hmac(_secretsKey, text, hash);
        var value = HashValue.From(hash);
        if (!_customIds.TryGetValue(value, out string? id) || !TryGet(id, out var entry))
        {
            return false;
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

    // A key by its id; without an entry where there is none.
    private async ValueTask<KeyFinding> GetAsync(string keyId, bool asksStore, CancellationToken cancellation)
    {
        if (!asksStore && _entries.TryGetValue(keyId, out var known))
        {
            return new KeyFinding(KeyPresence.FoundById, known, IsFromMemory: true);
        }

        // What was read before a write ended must not be remembered after it: the stripe's count tells.
        var stripe = StripeOf(keyId);
        long before = stripe.Writes;
        long readAt = time.GetTimestamp();
        var record = await store.FindAsync(keyId, cancellation).ConfigureAwait(false);
        if (record is null)
        {
            return default;
        }

        var entry = new KeyEntry(Opened(record), readAt);
        lock (stripe)
        {
            if (stripe.Writes == before)
            {
                _entries[keyId] = entry;
            }
        }

        MakeRoom();
        return new KeyFinding(KeyPresence.FoundById, entry);
    }

    private bool TryGet(ReadOnlySpan<char> keyId, out KeyEntry? entry)
    {
        if (!_entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(keyId, out entry))
        {
            return false;
        }

        if (!entry.IsUsed)
        {
            entry.IsUsed = true;
        }

        return true;
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

    private KeyRecord Opened(KeyRecord record) =>
        record.SealedHmacString.Length > 0 && SecretBox.TryOpen(_secretsKey, record.Key.Id, record.SealedHmacString, out string? plain)
            ? record with { Key = record.Key with { HmacString = plain! } }
            : record;

    private void Remember(string hash, string keyId)
    {
        // Only a hint: the record is the authority, and is asked each time. So it may be dropped at any time.
        if (_customIds.Count >= _capacity)
        {
            _customIds.Clear();
        }

        _customIds[HashValue.From(Convert.FromHexString(hash))] = keyId;
    }

    // Second chance: what was used since the last search stays, the first few that were not leave.
    private void MakeRoom()
    {
        if (_entries.Count <= _capacity)
        {
            return;
        }

        int surplus = _entries.Count - _capacity + (_capacity / 64);
        foreach (var (id, entry) in _entries)
        {
            if (entry.IsUsed)
            {
                entry.IsUsed = false;
            }
            else if (_entries.TryRemove(new KeyValuePair<string, KeyEntry>(id, entry)) && --surplus <= 0)
            {
                return;
            }
        }
    }

    private Stripe StripeOf(string keyId) => _stripes[(uint)string.GetHashCode(keyId, StringComparison.Ordinal) % Stripes];

    private sealed class Stripe
    {
        private long _writes;

        public long Writes
        {
            get => Volatile.Read(ref _writes);
            set => Volatile.Write(ref _writes, value);
        }
    }
}
