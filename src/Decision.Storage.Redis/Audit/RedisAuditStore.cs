using System.Globalization;
using System.Text;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Audit;

/// <summary>The audit log in Redis, all in one slot: the records are a stream, and each write is one script.</summary>
internal sealed class RedisAuditStore(RedisCalls calls, RedisKeys keys) : IAuditStore
{
    private const byte LineFeed = (byte)'\n';
    private static readonly RedisScript Append = RedisScript.Load("auditappend.lua");
    private static readonly RedisScript Prune = RedisScript.Load("auditprune.lua");
    private static readonly RedisValue[] EndFields = ["end", "end_hash", "end_at"];
    private static readonly RedisValue[] AnchorFields = ["anchor", "anchor_hash", "anchor_at"];

    public bool IsShared => true;

    public async ValueTask BeginAsync(BegunAct act, CancellationToken cancellation) =>
        await calls.AdministerAsync(
            "audit.begin",
            database => database.HashSetAsync(keys.Audit.Begun, act.Id, Written(act), flags: CommandFlags.DemandMaster),
            cancellation).ConfigureAwait(false);

    public async ValueTask DropAsync(string actId, CancellationToken cancellation) =>
        await calls.AdministerAsync(
            "audit.drop", database => database.HashDeleteAsync(keys.Audit.Begun, actId, CommandFlags.DemandMaster), cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<BegunAct>> BegunAsync(long beforeUs, CancellationToken cancellation)
    {
        HashEntry[] entries = await calls.AdministerAsync(
            "audit.begun", database => database.HashGetAllAsync(keys.Audit.Begun, CommandFlags.DemandMaster), cancellation).ConfigureAwait(false);
        return [.. entries.Select(entry => Read(entry.Name.ToString(), entry.Value)).Where(act => act.AtUs < beforeUs)];
    }

    public ValueTask<AuditHead> HeadAsync(CancellationToken cancellation) => PlaceAsync("audit.head", EndFields, cancellation);

    public async ValueTask<bool> AppendAsync(AuditHead end, IReadOnlyList<AuditRecord> records, string actId, CancellationToken cancellation)
    {
        List<RedisValue> values = [end.Sequence, end.Hash, actId];
        foreach (AuditRecord record in records)
        {
            values.AddRange([record.Sequence, record.AtUs, record.Hash, record.Entry]);
        }

        RedisKey[] names = [keys.Audit.Places, keys.Audit.Records, keys.Audit.Begun];
        return (long)await calls.AdministerAsync(
            "audit.append", database => Append.EvaluateAsync(database, names, [.. values]), cancellation).ConfigureAwait(false) == 1;
    }

    public ValueTask<AuditHead> AnchorAsync(CancellationToken cancellation) => PlaceAsync("audit.anchor", AnchorFields, cancellation);

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadBackAsync(long before, int size, CancellationToken cancellation) =>
        size <= 0 || before == 1 ? [] : await RangeAsync("-", before > 0 ? before - 1 : "+", size, Order.Descending, cancellation).ConfigureAwait(false);

    public async ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int size, CancellationToken cancellation) =>
        size <= 0 ? [] : await RangeAsync(after + 1, "+", size, Order.Ascending, cancellation).ConfigureAwait(false);

    public async ValueTask PruneAsync(AuditHead last, CancellationToken cancellation) =>
        await calls.AdministerAsync(
            "audit.prune",
            database => Prune.EvaluateAsync(database, [keys.Audit.Places, keys.Audit.Records], [last.Sequence, last.Hash, last.AtUs]),
            cancellation).ConfigureAwait(false);

    private async ValueTask<IReadOnlyList<AuditRecord>> RangeAsync(
        RedisValue lowest, RedisValue highest, int size, Order order, CancellationToken cancellation)
    {
        StreamEntry[] entries = await calls.AdministerAsync(
            "audit.read",
            database => database.StreamRangeAsync(keys.Audit.Records, lowest, highest, size, order, CommandFlags.DemandMaster),
            cancellation).ConfigureAwait(false);
        return [.. entries.Select(RecordOf)];
    }

    private async ValueTask<AuditHead> PlaceAsync(string operation, RedisValue[] fields, CancellationToken cancellation)
    {
        RedisValue[] values = await calls.AdministerAsync(
            operation, database => database.HashGetAsync(keys.Audit.Places, fields, CommandFlags.DemandMaster), cancellation).ConfigureAwait(false);
        return values[0].IsNull ? AuditHead.None
            : values[0].TryParse(out long sequence) && values[2].TryParse(out long atUs) ? new AuditHead(sequence, values[1].ToString(), atUs)
            : throw Unreadable();
    }

    private static AuditRecord RecordOf(StreamEntry entry) =>
        long.TryParse(entry.Id.ToString().Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out long sequence) && entry["at"].TryParse(out long atUs)
            ? new AuditRecord(sequence, atUs, entry["hash"].ToString(), entry["entry"])
            : throw Unreadable();

    // The time, a line feed, and the entries as they are.
    private static RedisValue Written(BegunAct act) =>
        (byte[])[.. Encoding.ASCII.GetBytes(act.AtUs.ToString(CultureInfo.InvariantCulture)), LineFeed, .. act.Entries.Span];

    private static BegunAct Read(string id, ReadOnlyMemory<byte> value)
    {
        int end = value.Span.IndexOf(LineFeed);
        return end > 0 && long.TryParse(value.Span[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long atUs)
            ? new BegunAct(id, atUs, value[(end + 1)..])
            : throw Unreadable();
    }

    private static StoreException Unreadable() =>
        new("The audit log in Redis is damaged, or was written by a newer version of the server. Start that version, or restore Redis from a backup.");
}
