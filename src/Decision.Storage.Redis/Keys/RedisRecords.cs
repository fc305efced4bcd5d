using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Keys;

/// <summary>
/// The records themselves, each in its key's hash and slot. A write happens within the administration's deadline of its read, by the clock of the
/// server that holds the record, or never: what was prepared for it elsewhere can be cleared away after <see cref="WriteTime"/>.
/// </summary>
internal sealed class RedisRecords(RedisCalls calls, RedisKeys keys, IOptions<RedisStorageOptions> options)
{
    private static readonly RedisScript ReadScript = RedisScript.Load("keyread.lua", "now.lua");
    private static readonly RedisScript WriteScript = RedisScript.Load("keywrite.lua", "now.lua");
    private static readonly RedisScript DeleteScript = RedisScript.Load("keydelete.lua", "now.lua");

    /// <summary>After this long nothing of a write is under way any more, also where a server stood still meanwhile.</summary>
    public TimeSpan WriteTime => options.Value.AdminTimeout * 2;

    /// <summary>A record for a decision.</summary>
    public async ValueTask<StoredKey> FindAsync(string keyId, CancellationToken cancellation)
    {
        RedisKey name = keys.OfKey(keyId);
        RedisValue[] fields = await calls.DecideAsync(
            "keys.find", name, database => database.HashGetAsync(name, StoredKey.Fields, CommandFlags.DemandMaster), cancellation).ConfigureAwait(false);
        return new StoredKey(keyId, fields[0], fields[1]);
    }

    /// <summary>Records of a list.</summary>
    public ValueTask<StoredKey[]> FindAllAsync(IReadOnlyList<string> keyIds, CancellationToken cancellation) => calls.AdministerAsync(
        "keys.find_all",
        database => Task.WhenAll(keyIds.Select(async keyId =>
        {
            RedisValue[] fields = await database.HashGetAsync(keys.OfKey(keyId), StoredKey.Fields, CommandFlags.DemandMaster).ConfigureAwait(false);
            return new StoredKey(keyId, fields[0], fields[1]);
        })),
        cancellation);

    /// <summary>A record before a write, and until when the write may happen.</summary>
    public async ValueTask<(StoredKey Stored, long EndsMs)> ReadAsync(string keyId, CancellationToken cancellation)
    {
        RedisResult[] answer = (RedisResult[])(await calls.AdministerAsync(
            "keys.read", database => ReadScript.EvaluateAsync(database, [keys.OfKey(keyId)], []), cancellation).ConfigureAwait(false))!;

        // A script's answer ends before a nil at its end.
        RedisValue version = answer.Length > 1 ? (RedisValue)answer[1] : RedisValue.Null;
        RedisValue record = answer.Length > 2 ? (RedisValue)answer[2] : RedisValue.Null;
        return (new StoredKey(keyId, version, record), (long)answer[0] + (long)options.Value.AdminTimeout.TotalMilliseconds);
    }

    /// <summary>Writes a record where the version is still there (empty = where there is none), and tells it to other replicas.</summary>
    /// <exception cref="StoreException">Also where it became too late: then nothing was written.</exception>
    public async ValueTask<bool> WriteAsync(KeyRecord record, byte[] bytes, RedisValue expectedVersion, long endsMs)
    {
        RedisValue[] values = [expectedVersion, StoredKey.BytesOf(record.Version), bytes, endsMs, keys.Changes.ToString(), record.Key.Id];
        return IsDone(await calls.AdministerAsync(
            "keys.write", database => WriteScript.EvaluateAsync(database, [keys.OfKey(record.Key.Id)], values), CancellationToken.None).ConfigureAwait(false));
    }

    /// <summary>Removes a key with its counters where the version is still there (empty = any), and tells it to other replicas.</summary>
    /// <exception cref="StoreException">Also where it became too late: then nothing was removed.</exception>
    public async ValueTask<bool> DeleteAsync(string keyId, RedisValue expectedVersion, long endsMs) =>
        IsDone(await calls.AdministerAsync(
            "keys.delete",
            database => DeleteScript.EvaluateAsync(database, [keys.OfKey(keyId)], [expectedVersion, endsMs, keys.Changes.ToString(), keyId]),
            CancellationToken.None).ConfigureAwait(false));

    private static bool IsDone(RedisResult answer) =>
        (int)answer >= 0 ? (int)answer == 1 : throw new StoreException("Redis took too long: nothing was changed.");
}
