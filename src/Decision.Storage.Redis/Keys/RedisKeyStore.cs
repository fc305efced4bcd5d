using System.Collections.Immutable;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Keys;

/// <summary>
/// Keys in Redis. A write touches several slots in an order in which a crash anywhere leaves the record as the only authority: the custom hashes are
/// claimed, the index is prepared, the record is written in one script that compares its version, and then the rest is cleared away.
/// </summary>
internal sealed class RedisKeyStore(RedisRecords records, KeyHashes hashes, KeyIndex index, KeySearch search, ILogger<RedisKeyStore> log) : IKeyStore
{
    public async ValueTask<KeyRecord?> FindAsync(string keyId, CancellationToken cancellation) =>
        (await records.FindAsync(keyId, cancellation).ConfigureAwait(false)).Read();

    public ValueTask<string?> FindIdByHashAsync(string hash, CancellationToken cancellation) => hashes.FindIdAsync(hash, cancellation);

    /// <inheritdoc />
    /// <remarks>A hash whose claimer crashed counts as taken for twice the administration's deadline.</remarks>
    public async ValueTask<bool> CreateAsync(KeyRecord record, CancellationToken cancellation)
    {
        byte[] bytes = KeyRecordFormat.Write(record);
        (StoredKey stored, long endsMs) = await records.ReadAsync(record.Key.Id, cancellation).ConfigureAwait(false);
        return !stored.Exists
            && await ChangeAsync(record.Key.Id, null, record, [], () => records.WriteAsync(record, bytes, "", endsMs), cancellation).ConfigureAwait(false);
    }

    public async ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation)
    {
        byte[] bytes = KeyRecordFormat.Write(record);
        RedisValue expected = StoredKey.BytesOf(expectedVersion);
        (StoredKey stored, long endsMs) = await records.ReadAsync(record.Key.Id, cancellation).ConfigureAwait(false);
        return stored.Version == expected
            && await ChangeAsync(record.Key.Id, stored.Read(), record, [], () => records.WriteAsync(record, bytes, expected, endsMs), cancellation).ConfigureAwait(false);
    }

    /// <inheritdoc />
    /// <remarks>The key's counters go with it. A record that cannot be read is removed too; lists mend what else it leaves.</remarks>
    public async ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation)
    {
        RedisValue expected = expectedVersion == 0 ? "" : StoredKey.BytesOf(expectedVersion);
        (StoredKey stored, long endsMs) = await records.ReadAsync(keyId, cancellation).ConfigureAwait(false);
        return stored.Exists
            && (expectedVersion == 0 || stored.Version == expected)
            && await ChangeAsync(
                keyId, stored.ReadOrNull(), null, index.SetsOfAny, () => records.DeleteAsync(keyId, expected, endsMs), cancellation).ConfigureAwait(false);
    }

    public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation) =>
        search.ListAsync(filter, afterId, size, cancellation);

    public ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation) => search.CountAsync(filter, cancellation);

    public ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation) =>
        search.CountUsingAsync(policyIds, cancellation);

    private async ValueTask<bool> ChangeAsync(
        string keyId, KeyRecord? before, KeyRecord? after, ImmutableHashSet<RedisKey> corrected, Func<ValueTask<bool>> write, CancellationToken cancellation)
    {
        string[] kept = [.. KeyHashes.Of(after)];
        List<KeyHashes.Entry> left = await hashes.EntriesAsync(keyId, KeyHashes.Of(before).Except(kept), cancellation).ConfigureAwait(false);
        List<KeyHashes.Entry>? claimed = await hashes.ClaimAsync(keyId, kept, renewsOwn: before is not null, cancellation).ConfigureAwait(false);
        if (claimed is null)
        {
            return false;
        }

        ImmutableHashSet<RedisKey> old = index.SetsOf(before).Union(corrected);
        ImmutableHashSet<RedisKey> next = index.SetsOf(after);
        KeyIndex.Mark? mark = old.SetEquals(next)
            ? null
            : await index.BeginAsync(keyId, next, old.Union(next), cancellation).ConfigureAwait(false);

        // From here on it goes through to the end. Where Redis does not answer, what is prepared stays: the write may have happened.
        bool isWritten = await write().ConfigureAwait(false);
        try
        {
            await hashes.ReleaseAsync(isWritten ? left : claimed).ConfigureAwait(false);
            if (mark is not null && isWritten)
            {
                await index.EndAsync(mark, after, CancellationToken.None).ConfigureAwait(false);
            }
            else if (mark is not null)
            {
                await index.EndAsync(mark, CancellationToken.None).ConfigureAwait(false);
            }
        }
        catch (StoreException error)
        {
            // The record is what counts, and it is decided.
            RedisStorageLog.KeyNotCleared(log, keyId, error);
        }

        return isWritten;
    }
}
