using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Documents;

/// <summary>Documents and their revisions in Redis, all in one slot: each write is one script.</summary>
internal sealed class RedisDocumentStore(RedisCalls calls, RedisKeys keys) : IDocumentStore, IDocumentHistory
{
    // Small enough that a decision behind one page on the same connection does not feel it.
    private const int PageSize = 200;
    private const int LoadAttempts = 3;
    private static readonly RedisScript Put = RedisScript.Load("documentput.lua", "documents.lua");
    private static readonly RedisScript WriteAll = RedisScript.Load("documentswrite.lua", "documents.lua");
    private static readonly RedisScript Delete = RedisScript.Load("documentdelete.lua", "documents.lua");

    /// <inheritdoc />
    /// <value>1,000: decisions wait behind the script, and one that writes so many takes a good part of a decision's deadline.</value>
    public int MostWrites => 1_000;

    /// <inheritdoc />
    /// <remarks>0 = there was no write. It is random, so that writes which a failover of Redis lost are noticed too.</remarks>
    public async ValueTask<long> RevisionAsync(CancellationToken cancellation) =>
        NumberOf(await calls.AdministerAsync(
            "documents.revision", database => database.StringGetAsync(keys.Catalog.Revision, CommandFlags.DemandMaster), cancellation).ConfigureAwait(false));

    /// <inheritdoc />
    /// <remarks>Read in pages. Where documents were written meanwhile, it is read again, the last time at once, so that it is one state of all.</remarks>
    public async ValueTask<IReadOnlyList<Document>> LoadAsync(DocumentKind kind, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            long before = await RevisionAsync(cancellation).ConfigureAwait(false);
            bool isLast = attempt == LoadAttempts;
            List<HashEntry> entries = await calls.AdministerAsync(
                "documents.load", database => isLast ? ReadAsync(database, kind) : ScanAsync(database, kind), cancellation).ConfigureAwait(false);
            if (isLast || before == await RevisionAsync(cancellation).ConfigureAwait(false))
            {
                return [.. entries.Select(entry => StoredDocument.Read(kind, entry.Name.ToString(), entry.Value))];
            }
        }
    }

    public async ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellation)
    {
        RedisValue value = await calls.AdministerAsync(
            "documents.find", database => database.HashGetAsync(keys.Catalog.Of(kind), id, CommandFlags.DemandMaster), cancellation).ConfigureAwait(false);
        return value.IsNull ? null : StoredDocument.Read(kind, id, value);
    }

    /// <inheritdoc />
    /// <remarks>A number that was given before counts as a lost race, like another etag: false. A file layer keeps no revisions.</remarks>
    public async ValueTask<bool> PutAsync(Document next, string? expectedEtag, string change, CancellationToken cancellation)
    {
        RedisValue[] values =
        [
            next.Id,
            ExpectationOf(expectedEtag),
            expectedEtag ?? "",
            next.Revision,
            StoredDocument.HeadOf(next),
            next.Json,
            change,
            next.ChangedAtUs,
            NewNumber(),
            ChannelOf(next.Kind),
        ];
        long answer = (long)await calls.AdministerAsync(
            "documents.put", database => Put.EvaluateAsync(database, NamesOf(next.Kind, next.Id), values), cancellation).ConfigureAwait(false);
        return answer >= 0 ? answer == 1 : throw StoredDocument.Unreadable();
    }

    public async ValueTask<IReadOnlyList<long>?> WriteAllAsync(
        IReadOnlyList<DocumentWrite> writes, long changedAtUs, CancellationToken cancellation)
    {
        DocumentWrite.Check(writes);
        if (writes.Count == 0)
        {
            return [];
        }

        List<RedisKey> names = [keys.Catalog.Revision];
        List<RedisValue> values = [changedAtUs, NewNumber(), keys.Changes.ToString()];
        foreach (DocumentWrite write in writes)
        {
            StoredDocument.CheckEtag(write.Etag);
            names.AddRange([keys.Catalog.Of(write.Kind), keys.Catalog.RevisionsOf(write.Kind, write.Id), keys.Catalog.IdsOf(write.Kind)]);
            values.AddRange([write.Id, ExpectationOf(write.ExpectedEtag), write.ExpectedEtag ?? "", write.Etag, write.Json, write.Change]);
        }

        long[] answer = (long[])(await calls.AdministerAsync(
            "documents.write", database => WriteAll.EvaluateAsync(database, [.. names], [.. values]), cancellation).ConfigureAwait(false))!;
        return answer is [-1] ? throw StoredDocument.Unreadable() : answer.Length == 0 ? null : answer;
    }

    public async ValueTask<bool> DeleteAsync(DocumentKind kind, string id, string expectedEtag, long changedAtUs, CancellationToken cancellation) =>
        (long)await calls.AdministerAsync(
            "documents.delete",
            database => Delete.EvaluateAsync(database, NamesOf(kind, id), [id, expectedEtag, changedAtUs, NewNumber(), ChannelOf(kind)]),
            cancellation).ConfigureAwait(false) == 1;

    public async ValueTask<IReadOnlyList<DocumentRevision>> RevisionsAsync(
        DocumentKind kind, string id, long before, int size, CancellationToken cancellation)
    {
        if (size <= 0 || before == 1)
        {
            return [];
        }

        // An id of the stream is the revision's number; without its second part it stands for all of that number.
        RedisValue highest = before > 0 ? before - 1 : "+";
        StreamEntry[] entries = await calls.AdministerAsync(
            "documents.revisions",
            database => database.StreamRangeAsync(
                keys.Catalog.RevisionsOf(kind, id), "-", highest, size, Order.Descending, CommandFlags.DemandMaster),
            cancellation).ConfigureAwait(false);
        return [.. entries.Select(RevisionOf)];
    }

    public async ValueTask<IReadOnlyList<string>> ListIdsAsync(DocumentKind kind, CancellationToken cancellation)
    {
        RedisValue[] ids = await calls.AdministerAsync(
            "documents.ids", database => database.SetMembersAsync(keys.Catalog.IdsOf(kind), CommandFlags.DemandMaster), cancellation).ConfigureAwait(false);
        return [.. ids.Select(id => id.ToString()).Order(StringComparer.Ordinal)];
    }

    private static string ExpectationOf(string? etag) => etag switch { null => "none", "" => "any", _ => "etag" };

    private static DocumentRevision RevisionOf(StreamEntry entry)
    {
        string number = entry.Id.ToString().Split('-')[0];
        return long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long revision)
            ? new DocumentRevision(revision, entry["change"].ToString(), entry["json"], NumberOf(entry["at"]))
            : throw StoredDocument.Unreadable();
    }

    private static long NumberOf(RedisValue value) =>
        value.IsNull ? 0 : value.TryParse(out long number) ? number : throw StoredDocument.Unreadable();

    private async Task<List<HashEntry>> ReadAsync(IDatabase database, DocumentKind kind) =>
        Ordered([.. await database.HashGetAllAsync(keys.Catalog.Of(kind), CommandFlags.DemandMaster).ConfigureAwait(false)]);

    // A scan may name a document twice.
    private async Task<List<HashEntry>> ScanAsync(IDatabase database, DocumentKind kind)
    {
        Dictionary<RedisValue, RedisValue> found = [];
        await foreach (HashEntry entry in database.HashScanAsync(keys.Catalog.Of(kind), pageSize: PageSize, flags: CommandFlags.DemandMaster).ConfigureAwait(false))
        {
            found[entry.Name] = entry.Value;
        }

        return Ordered([.. found.Select(each => new HashEntry(each.Key, each.Value))]);
    }

    // By the ids' bytes, as every store gives them.
    private static List<HashEntry> Ordered(List<HashEntry> entries)
    {
        entries.Sort(static (left, right) => ((ReadOnlyMemory<byte>)left.Name).Span.SequenceCompareTo(((ReadOnlyMemory<byte>)right.Name).Span));
        return entries;
    }

    private RedisKey[] NamesOf(DocumentKind kind, string id) => [keys.Catalog.Of(kind), keys.Catalog.RevisionsOf(kind, id), keys.Catalog.Revision, keys.Catalog.IdsOf(kind)];

    private static long NewNumber() => BinaryPrimitives.ReadInt64LittleEndian(RandomNumberGenerator.GetBytes(sizeof(long)));

    // Whole file layers come and go with their files, and others have files of their own; of a credential's use nobody need hear.
    private RedisValue ChannelOf(DocumentKind kind) => kind.KeepsRevisions() ? keys.Changes.ToString() : "";
}
