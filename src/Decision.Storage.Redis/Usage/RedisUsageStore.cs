using Decision.Runtime;
using Decision.Runtime.Observation.Usage;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Usage;

/// <summary>The use by the hour in Redis: a hash for each kind and day, which goes by itself. Replicas add to the same ones.</summary>
internal sealed class RedisUsageStore(RedisCalls calls, RedisKeys keys, TimeProvider time) : IUsageStore
{
    private const long SecondsOfDay = 86_400;

    // Longer than anybody tries again.
    private const long BatchSeconds = 86_400;

    private static readonly RedisScript Adding = RedisScript.Load("usageadd.lua");
    private static readonly RedisScript Claiming = RedisScript.Load("usageclaim.lua");

    public async ValueTask AddAsync(string batch, IReadOnlyList<UsageCount> counts, int days, int mostIds, CancellationToken cancellation)
    {
        List<RedisKey> names = [keys.Usage.OfBatch(batch)];
        List<RedisValue> values = [BatchSeconds, (days + 1) * SecondsOfDay, mostIds];
        var places = new Dictionary<(UsageKind, long), int>();
        foreach (var count in counts)
        {
            long day = count.Hour / UsageHours.OfDay;
            if (!places.TryGetValue((count.Kind, day), out int place))
            {
                names.Add(keys.Usage.OfDay(count.Kind, day));
                place = names.Count;
                places.Add((count.Kind, day), place);
            }

            values.AddRange([place, count.Id, count.Hour % UsageHours.OfDay, count.Allowed, count.Refused]);
        }

        await calls.AdministerAsync(
            "usage.add", database => Adding.EvaluateAsync(database, [.. names], [.. values]), cancellation).ConfigureAwait(false);
    }

    public async ValueTask<IReadOnlyList<UsageCount>> ReadAsync(UsageKind kind, string id, long first, long last, CancellationToken cancellation)
    {
        long from = first / UsageHours.OfDay, until = last / UsageHours.OfDay;
        var days = await calls.AdministerAsync(
            "usage.read",
            database => Task.WhenAll(Enumerable.Range(0, (int)(until - from + 1)).Select(
                number => database.HashGetAsync(keys.Usage.OfDay(kind, from + number), id, CommandFlags.DemandMaster))),
            cancellation).ConfigureAwait(false);
        return
        [
            .. days.SelectMany((hours, number) => UsageHours.Of(kind, id, from + number, (byte[]?)hours))
                .Where(count => count.Hour >= first && count.Hour <= last).OrderBy(count => count.Hour),
        ];
    }

    public async ValueTask<bool> ClaimAsync(string name, long endsAtUs, long toleranceUs, CancellationToken cancellation)
    {
        long leftMs = Math.Max(1, (endsAtUs - time.NowUs() + toleranceUs) / 1_000);
        return (long)await calls.AdministerAsync(
            "usage.claim",
            database => Claiming.EvaluateAsync(database, [keys.Usage.OfClaim(name)], [endsAtUs, toleranceUs, leftMs]),
            cancellation).ConfigureAwait(false) == 1;
    }
}
