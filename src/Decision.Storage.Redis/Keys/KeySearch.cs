using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Keys;

/// <summary>
/// Lists and counts keys by the sets of <see cref="KeyIndex"/>. Long walks are cut into scripts of a few milliseconds, because decisions wait behind each.
/// </summary>
internal sealed class KeySearch(RedisCalls calls, RedisKeys keys, RedisRecords records, KeyIndex index)
{
    private const int MostLooked = 2_000;
    private const int MostMended = 100;
    private const int PageOfRecords = 500;
    private static readonly RedisScript PageScript = RedisScript.Load("indexpage.lua");
    private static readonly RedisScript UnionScript = RedisScript.Load("indexunion.lua");

    /// <summary>A page of records in the order of the ids' bytes. What is in a set without belonging there is left out, and its set mended.</summary>
    public async ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation)
    {
        RedisKey[] sets = SetsOf(filter);
        List<KeyRecord> found = [];
        List<string> strangers = [];
        bool isEnd = size <= 0;
        while (!isEnd && found.Count < size)
        {
            RedisResult[] page = await PageAsync(sets, afterId, Math.Min(size - found.Count, PageOfRecords), "ids", cancellation).ConfigureAwait(false);
            isEnd = (int)page[0] == 1;
            afterId = (string)page[1]!;
            string[] ids = [.. page.Skip(3).Select(id => (string)id!)];
            foreach (StoredKey stored in await records.FindAllAsync(ids, cancellation).ConfigureAwait(false))
            {
                KeyRecord? record = stored.Read();
                if (Fits(record, filter))
                {
                    found.Add(record!);
                }
                else if (!index.SetsOf(record).IsSupersetOf(sets))
                {
                    strangers.Add(stored.Id);
                }
            }
        }

        foreach (string id in strangers.Take(MostMended))
        {
            await index.MendAsync(id, sets, cancellation).ConfigureAwait(false);
        }

        return found;
    }

    /// <summary>How many keys fit.</summary>
    public async ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation)
    {
        await index.MendLeftAsync(cancellation).ConfigureAwait(false);
        RedisKey[] sets = SetsOf(filter);
        if (filter.OrganizationId is "" || filter.Alias is "")
        {
            return await CountRecordsAsync(filter, cancellation).ConfigureAwait(false);
        }

        return sets.Length == 1
            ? await calls.AdministerAsync("keys.count", database => LengthAsync(database, sets[0]), cancellation).ConfigureAwait(false)
            : await SumAsync((after, token) => PageAsync(sets, after, int.MaxValue, "count", token), cancellation).ConfigureAwait(false);
    }

    /// <summary>How many keys use at least one of the policies.</summary>
    public async ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation)
    {
        await index.MendLeftAsync(cancellation).ConfigureAwait(false);
        RedisKey[] all = [.. policyIds.Distinct(StringComparer.Ordinal).Select(keys.Index.OfPolicy)];
        long[] lengths = await calls.AdministerAsync(
            "keys.count", database => Task.WhenAll(all.Select(set => LengthAsync(database, set))), cancellation).ConfigureAwait(false);
        RedisKey[] sets = [.. all.Where((_, i) => lengths[i] > 0)];
        if (sets.Length <= 1)
        {
            return lengths.Sum();
        }

        RedisValue most = Math.Clamp(MostLooked / sets.Length, 5, MostLooked);
        return await SumAsync(
            async (after, token) => (RedisResult[])(await calls.AdministerAsync(
                "keys.count", database => UnionScript.EvaluateAsync(database, sets, [after, most]), token).ConfigureAwait(false))!,
            cancellation).ConfigureAwait(false);
    }

    private static Task<long> LengthAsync(IDatabase database, RedisKey set) => database.SortedSetLengthAsync(set, flags: CommandFlags.DemandMaster);

    private static async ValueTask<long> SumAsync(Func<string, CancellationToken, ValueTask<RedisResult[]>> part, CancellationToken cancellation)
    {
        long sum = 0;
        string after = "";
        while (true)
        {
            RedisResult[] answer = await part(after, cancellation).ConfigureAwait(false);
            sum += (long)answer[2];
            after = (string)answer[1]!;
            if ((int)answer[0] == 1)
            {
                return sum;
            }
        }
    }

    private static bool Fits(KeyRecord? record, KeyFilter filter) =>
        record is not null
        && (filter.OrganizationId is null || record.Key.OrganizationId == filter.OrganizationId)
        && (filter.Alias is null || record.Key.Alias == filter.Alias)
        && (filter.PolicyId is null || record.Key.ApplyPolicies.Contains(filter.PolicyId))
        && (filter.Tag is null || record.Key.Tags.Contains(filter.Tag));

    private async ValueTask<long> CountRecordsAsync(KeyFilter filter, CancellationToken cancellation)
    {
        long count = 0;
        string after = "";
        while (true)
        {
            IReadOnlyList<KeyRecord> page = await ListAsync(filter, after, PageOfRecords, cancellation).ConfigureAwait(false);
            count += page.Count;
            if (page.Count < PageOfRecords)
            {
                return count;
            }

            after = page[^1].Key.Id;
        }
    }

    private async ValueTask<RedisResult[]> PageAsync(RedisKey[] sets, string after, int size, string what, CancellationToken cancellation) =>
        (RedisResult[])(await calls.AdministerAsync(
            "keys.page", database => PageScript.EvaluateAsync(database, sets, [after, size, MostLooked, what]), cancellation).ConfigureAwait(false))!;

    // Keys without an organisation or an alias have no set of their own.
    private RedisKey[] SetsOf(KeyFilter filter)
    {
        List<RedisKey> sets = [];
        if (filter.OrganizationId is { Length: > 0 } organization)
        {
            sets.Add(keys.Index.OfOrganization(organization));
        }

        if (filter.Alias is { Length: > 0 } alias)
        {
            sets.Add(keys.Index.OfAlias(alias));
        }

        if (filter.PolicyId is { } policyId)
        {
            sets.Add(keys.Index.OfPolicy(policyId));
        }

        if (filter.Tag is { } tag)
        {
            sets.Add(keys.Index.OfTag(tag));
        }

        return sets.Count > 0 ? [.. sets] : [keys.Index.All];
    }
}
