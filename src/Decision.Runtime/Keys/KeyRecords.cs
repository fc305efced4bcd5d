using Decision.Engine;
using Decision.Engine.Credentials;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Keys;

/// <summary>
/// The keys' records and grants, in memory or in the store. What is written is dropped from memory before the write's call returns, so that
/// the next request sees it; what the store does not have it is asked for once a second.
/// </summary>
internal sealed class KeyRecords(IKeyStore store, TimeProvider time, IOptions<RuntimeOptions> options)
{
    // Unknown ids, and unknown texts, that are remembered: 131,072 of each at most, in about 15 MB.
    private const int MostUnknown = 65_536;

    private readonly KeyMemory _memory = new(Math.Max(1, options.Value.CachedKeys));
    private readonly UnknownKeys _unknownIds = new(time, MostUnknown);
    private readonly UnknownKeys _unknownTexts = new(time, MostUnknown);
    private readonly SharedReads<KeyEntry?> _reads = new();
    private readonly SharedReads<string?> _ownerReads = new();
    private readonly byte[] _secretsKey = options.Value.SecretsKey;

    /// <summary>Keys in memory.</summary>
    public int Count => _memory.Count;

    /// <summary>Ids and texts in memory that no key has.</summary>
    public int UnknownCount => _unknownIds.Count + _unknownTexts.Count;

    /// <summary>Counts what came into the store; to be read before <see cref="ForgetOwner"/>'s reason is.</summary>
    public long TextWrites => _unknownTexts.Writes;

    /// <summary>A key in memory.</summary>
    public bool TryGet(ReadOnlySpan<char> keyId, out KeyEntry? entry) => _memory.TryGet(keyId, out entry);

    /// <summary>Whether no key had this id a moment ago.</summary>
    public bool IsUnknown(ReadOnlySpan<char> keyId) => KeyToken.IsId(keyId) && _unknownIds.Contains(UnknownKeys.NameOf(keyId));

    /// <summary>Whether no key had the text with this hash a moment ago.</summary>
    public bool IsUnknownText(HashValue hash) => _unknownTexts.Contains(hash);

    /// <summary>Notes that the key which had the text gave it up: it is nobody's, until a write says otherwise.</summary>
    public void ForgetOwner(HashValue hash, long writesBefore) => _unknownTexts.Remember(hash, writesBefore);

    /// <summary>Forgets a key; called after each write of it, before the write's call returns.</summary>
    public void Forget(string keyId)
    {
        _memory.Forget(keyId);
        if (KeyToken.IsId(keyId))
        {
            _unknownIds.Forget(UnknownKeys.NameOf(keyId));
        }
    }

    /// <summary>As <see cref="Forget(string)"/>, of a record that was written here: its texts are somebody's now.</summary>
    public void Forget(KeyRecord written)
    {
        Forget(written.Key.Id);
        foreach (var hash in written.Hashes)
        {
            if (hash.Scheme == KeyHashScheme.HmacSha256)
            {
                _unknownTexts.Forget(HashValue.From(hash.Value.AsSpan()));
            }
        }
    }

    /// <summary>As <see cref="Forget(string)"/>, of a key that anybody wrote: any text may be its own.</summary>
    public void ForgetWritten(string keyId)
    {
        Forget(keyId);
        _unknownTexts.Clear();
    }

    /// <summary>Forgets what was unknown: writes of others may have been missed.</summary>
    public void ForgetUnknown()
    {
        _unknownIds.Clear();
        _unknownTexts.Clear();
    }

    /// <summary>A key by its id, in memory or in the store; without an entry where there is none.</summary>
    /// <param name="keyId">The id.</param>
    /// <param name="asksStore">True = the record is read from the store also where one is in memory.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<KeyFinding> GetAsync(string keyId, bool asksStore, CancellationToken cancellation)
    {
        if (asksStore)
        {
            return await ReadAsync(keyId, _memory.WritesOf(keyId), cancellation).ConfigureAwait(false) is { } asked
                ? new KeyFinding(KeyPresence.FoundById, asked) : default;
        }

        if (_memory.TryGet(keyId, out var known))
        {
            return new KeyFinding(KeyPresence.FoundById, known, IsFromMemory: true);
        }

        if (IsUnknown(keyId))
        {
            return default;
        }

        // What was read before a write ended must not be remembered after it: the count of writes tells.
        long before = _memory.WritesOf(keyId);
        var (entry, isShared) = await _reads.ReadAsync(
            keyId,
            before,
            async token => _memory.TryGet(keyId, out var read) ? read
                : IsUnknown(keyId) ? null
                : await ReadAsync(keyId, before, token).ConfigureAwait(false),
            cancellation).ConfigureAwait(false);

        // What another request has read may be older than this one, as what is in memory.
        return entry is null ? default : new KeyFinding(KeyPresence.FoundById, entry, isShared);
    }

    private async ValueTask<KeyEntry?> ReadAsync(string keyId, long writesBefore, CancellationToken cancellation)
    {
        long unknownBefore = _unknownIds.Writes;
        long readAt = time.GetTimestamp();
        var record = await store.FindAsync(keyId, cancellation).ConfigureAwait(false);
        if (record is null)
        {
            if (KeyToken.IsId(keyId))
            {
                _unknownIds.Remember(UnknownKeys.NameOf(keyId), unknownBefore);
            }

            return null;
        }

        var entry = new KeyEntry(Opened(record), readAt);
        _memory.Remember(entry, writesBefore);
        return entry;
    }

    /// <summary>The id of the key that has, or had, the text with this hash; null = none.</summary>
    public async ValueTask<string?> OwnerOfAsync(string hash, HashValue text, bool asksStore, CancellationToken cancellation)
    {
        if (asksStore)
        {
            return await store.FindIdByHashAsync(hash, cancellation).ConfigureAwait(false);
        }

        long before = _unknownTexts.Writes;
        var (owner, _) = await _ownerReads.ReadAsync(
            hash,
            before,
            async token =>
            {
                if (_unknownTexts.Contains(text))
                {
                    return null;
                }

                string? found = await store.FindIdByHashAsync(hash, token).ConfigureAwait(false);
                if (found is null)
                {
                    _unknownTexts.Remember(text, before);
                }

                return found;
            },
            cancellation).ConfigureAwait(false);
        return owner;
    }

    private KeyRecord Opened(KeyRecord record) =>
        record.SealedHmacString.Length > 0 && SecretBox.TryOpen(_secretsKey, record.Key.Id, record.SealedHmacString, out string? plain)
            ? record with { Key = record.Key with { HmacString = plain! } }
            : record;
}
