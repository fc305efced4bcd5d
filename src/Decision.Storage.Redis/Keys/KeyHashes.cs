using System.Security.Cryptography;
using Decision.Engine.Credentials;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Keys;

/// <summary>
/// From custom hashes to key ids. A hash is claimed before the key's record is written and freed after, so that no two keys have it. What a crash
/// leaves names a key whose record lacks the hash: it makes nothing valid, and the next claim takes it over once its time is over.
/// </summary>
internal sealed class KeyHashes(RedisCalls calls, RedisKeys keys, RedisRecords records)
{
    private static readonly RedisScript ClaimScript = RedisScript.Load("hashclaim.lua", "now.lua");
    private static readonly RedisScript ReleaseScript = RedisScript.Load("hashrelease.lua");

    /// <summary>The custom hashes of a record.</summary>
    public static IEnumerable<string> Of(KeyRecord? record) => record is null
        ? []
        : record.Hashes.Where(hash => hash.Scheme == KeyHashScheme.HmacSha256).Select(hash => hash.ToText()).Distinct(StringComparer.Ordinal);

    /// <summary>The key that has the hash, or may get it; its record tells.</summary>
    public async ValueTask<string?> FindIdAsync(string hash, CancellationToken cancellation)
    {
        RedisKey name = keys.OfCustomHash(hash);
        RedisValue entry = await calls.DecideAsync(
            "keys.find_hash", name, database => database.StringGetAsync(name, CommandFlags.DemandMaster), cancellation).ConfigureAwait(false);
        return entry.IsNull ? null : OwnerOf(entry);
    }

    /// <summary>The entries of hashes that the key leaves, as they are now: <see cref="ReleaseAsync"/> removes them if nobody claims them meanwhile.</summary>
    public async ValueTask<List<Entry>> EntriesAsync(string keyId, IEnumerable<string> hashes, CancellationToken cancellation)
    {
        List<Entry> entries = [];
        foreach (string hash in hashes)
        {
            RedisValue value = await calls.AdministerAsync(
                "keys.read_hash", database => database.StringGetAsync(keys.OfCustomHash(hash), CommandFlags.DemandMaster), cancellation).ConfigureAwait(false);
            if (!value.IsNull && OwnerOf(value) == keyId)
            {
                entries.Add(new Entry(hash, value));
            }
        }

        return entries;
    }

    /// <summary>Claims hashes for a key; null where another key has one.</summary>
    /// <param name="renewsOwn">Whether entries of the same key are its own: for a key that is there.</param>
    /// <returns>The entries that are new, for the case that the record is not written after all.</returns>
    public async ValueTask<List<Entry>?> ClaimAsync(string keyId, IEnumerable<string> hashes, bool renewsOwn, CancellationToken cancellation)
    {
        List<Entry> claimed = [];
        foreach (string hash in hashes)
        {
            RedisResult[] answer = await ClaimAsync(keyId, hash, renewsOwn, "", cancellation).ConfigureAwait(false);
            if ((int)answer[0] == 0 && (int)answer[3] == 1 && !await HasHashAsync((string)answer[2]!, hash, cancellation).ConfigureAwait(false))
            {
                answer = await ClaimAsync(keyId, hash, renewsOwn, (RedisValue)answer[1], cancellation).ConfigureAwait(false);
            }

            if ((int)answer[0] == 0)
            {
                await ReleaseAsync(claimed).ConfigureAwait(false);
                return null;
            }

            if ((int)answer[0] == 2)
            {
                claimed.Add(new Entry(hash, (RedisValue)answer[1]));
            }
        }

        return claimed;
    }

    /// <summary>Removes entries that are still the same.</summary>
    public async ValueTask ReleaseAsync(List<Entry> entries)
    {
        foreach (Entry entry in entries)
        {
            await calls.AdministerAsync(
                "keys.release_hash",
                database => ReleaseScript.EvaluateAsync(database, [keys.OfCustomHash(entry.Hash)], [entry.Value]),
                CancellationToken.None).ConfigureAwait(false);
        }
    }

    // A record that cannot be read keeps its hashes.
    private async ValueTask<bool> HasHashAsync(string keyId, string hash, CancellationToken cancellation)
    {
        StoredKey stored = (await records.ReadAsync(keyId, cancellation).ConfigureAwait(false)).Stored;
        return stored.Exists && (stored.ReadOrNull() is not { } record || Of(record).Contains(hash));
    }

    private async ValueTask<RedisResult[]> ClaimAsync(string keyId, string hash, bool renewsOwn, RedisValue replaced, CancellationToken cancellation)
    {
        RedisValue[] values =
        [
            keyId,
            RandomNumberGenerator.GetHexString(16, lowercase: true),
            (long)records.WriteTime.TotalMilliseconds,
            renewsOwn ? "own" : "",
            replaced,
        ];
        return (RedisResult[])(await calls.AdministerAsync(
            "keys.claim_hash", database => ClaimScript.EvaluateAsync(database, [keys.OfCustomHash(hash)], values), cancellation).ConfigureAwait(false))!;
    }

    private static string OwnerOf(RedisValue entry) => entry.ToString().Split(' ', 3) is [_, _, string owner] ? owner : "";

    /// <param name="Hash">The custom hash.</param>
    /// <param name="Value">What stands at its name.</param>
    internal readonly record struct Entry(string Hash, RedisValue Value);
}
