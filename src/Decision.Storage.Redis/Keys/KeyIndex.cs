using System.Collections.Immutable;
using System.Security.Cryptography;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Keys;

/// <summary>
/// The sets of key ids that keys are listed and counted by, all in one slot, which is not the records'. A key is in its new sets before its record is
/// written and leaves the old ones after; in between it has a mark (indexmark.lua), by which a crash is noticed and mended.
/// </summary>
internal sealed class KeyIndex(RedisCalls calls, RedisKeys keys, RedisRecords records)
{
    // Others that write the same key can make an end stale again and again.
    private const int Attempts = 10;
    private const int MostLeft = 100;
    private static readonly RedisScript BeginScript = RedisScript.Load("indexbegin.lua", "now.lua", "indexmark.lua");
    private static readonly RedisScript EndScript = RedisScript.Load("indexend.lua", "now.lua", "indexmark.lua");
    private static readonly RedisScript LeftScript = RedisScript.Load("indexleft.lua", "now.lua", "indexmark.lua");

    /// <summary>The sets that a key belongs to; none without a record.</summary>
    /// <remarks>What most keys lack, an organisation and an alias, has no set: filters for keys without one test the records.</remarks>
    public ImmutableHashSet<RedisKey> SetsOf(KeyRecord? record) => record is null
        ? []
        :
        [
            keys.Index.All,
            .. record.Key.OrganizationId.Length > 0 ? [keys.Index.OfOrganization(record.Key.OrganizationId)] : Array.Empty<RedisKey>(),
            .. record.Key.Alias.Length > 0 ? [keys.Index.OfAlias(record.Key.Alias)] : Array.Empty<RedisKey>(),
            .. record.Key.ApplyPolicies.Select(keys.Index.OfPolicy),
            .. record.Key.Tags.Select(keys.Index.OfTag),
        ];

    /// <summary>The sets that every key belongs to.</summary>
    public ImmutableHashSet<RedisKey> SetsOfAny { get; } = [keys.Index.All];

    /// <summary>Before a record is written: puts the key into its new sets, and notes all that must be corrected after.</summary>
    public async ValueTask<Mark> BeginAsync(string keyId, IEnumerable<RedisKey> added, IEnumerable<RedisKey> corrected, CancellationToken cancellation)
    {
        string word = RandomNumberGenerator.GetHexString(16, lowercase: true);
        RedisKey[] names = [keys.Index.Marks, .. added];
        RedisValue[] values = [keyId, word, (long)records.WriteTime.TotalMilliseconds, .. corrected.Select(set => (RedisValue)set.ToString())];
        RedisResult answer = await calls.AdministerAsync(
            "keys.index_begin", database => BeginScript.EvaluateAsync(database, names, values), cancellation).ConfigureAwait(false);
        return Mark.Of(keyId, word, (RedisResult[])answer!);
    }

    /// <summary>After the write: the key stays in the sets of its record only.</summary>
    /// <param name="written">The record that was just written, null = it was removed.</param>
    public ValueTask EndAsync(Mark mark, KeyRecord? written, CancellationToken cancellation) => EndAsync(mark, written, isRead: true, cancellation);

    /// <summary>After a write that did not come to pass: the key stays in the sets of the record that is there.</summary>
    public ValueTask EndAsync(Mark mark, CancellationToken cancellation) => EndAsync(mark, null, isRead: false, cancellation);

    /// <summary>Corrects sets that a key was found in without belonging there.</summary>
    public async ValueTask MendAsync(string keyId, IEnumerable<RedisKey> sets, CancellationToken cancellation)
    {
        Mark mark = await BeginAsync(keyId, [], sets, cancellation).ConfigureAwait(false);
        await EndAsync(mark, cancellation).ConfigureAwait(false);
    }

    /// <summary>Finishes what crashed writes left, so that the sets are right.</summary>
    public async ValueTask MendLeftAsync(CancellationToken cancellation)
    {
        RedisResult answer = await calls.AdministerAsync(
            "keys.index_left", database => LeftScript.EvaluateAsync(database, [keys.Index.Marks], [MostLeft]), cancellation).ConfigureAwait(false);
        foreach (string? keyId in (string?[])answer!)
        {
            await MendAsync(keyId!, [], cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask EndAsync(Mark mark, KeyRecord? record, bool isRead, CancellationToken cancellation)
    {
        for (int attempt = 1; attempt <= Attempts; attempt++)
        {
            if (!isRead)
            {
                StoredKey stored = (await records.ReadAsync(mark.KeyId, cancellation).ConfigureAwait(false)).Stored;
                record = stored.ReadOrNull();
                if (record is null && stored.Exists)
                {
                    // Nobody knows where it belongs: the mark stays for a version that can read it.
                    break;
                }
            }

            ImmutableHashSet<RedisKey> belonging = SetsOf(record);
            RedisKey[] names = [keys.Index.Marks, .. belonging, .. mark.Sets.Except(belonging)];
            RedisValue[] values = [mark.KeyId, mark.Word, mark.Number, belonging.Count];
            RedisResult[] answer = (RedisResult[])(await calls.AdministerAsync(
                "keys.index_end", database => EndScript.EvaluateAsync(database, names, values), cancellation).ConfigureAwait(false))!;
            if ((int)answer[0] == 1)
            {
                return;
            }

            isRead = false;
            mark = (int)answer[0] == 0
                ? Mark.Of(mark.KeyId, mark.Word, answer)
                : await BeginAsync(mark.KeyId, [], mark.Sets, cancellation).ConfigureAwait(false);
        }

        await calls.AdministerAsync(
            "keys.index_end", database => EndScript.EvaluateAsync(database, [keys.Index.Marks], [mark.KeyId, mark.Word, "", 0]), cancellation).ConfigureAwait(false);
    }

    /// <param name="Number">As indexmark.lua keeps it.</param>
    /// <param name="Sets">Sets to correct.</param>
    internal sealed record Mark(string KeyId, string Word, long Number, ImmutableHashSet<RedisKey> Sets)
    {
        /// <summary>Reads what a script answered.</summary>
        public static Mark Of(string keyId, string word, RedisResult[] answer) =>
            new(keyId, word, (long)answer[1], [.. answer.Skip(2).Select(set => (RedisKey)(string)set!)]);
    }
}
