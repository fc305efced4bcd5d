using System.Globalization;
using System.Text.Json;
using Decision.Runtime.Administration;
using Decision.Runtime.Credentials;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Audit;

/// <summary>Reads and checks the audit log.</summary>
public sealed class AuditLog
{
    /// <summary>What is done by <see cref="AuditService"/> to entries that are too old.</summary>
    internal const string Prune = "audit.prune";

    private const int ReadSize = 200;

    // Bounds a call whose filter fits nothing; the page token goes on from there.
    private const int MostRead = 20_000;

    private readonly IAuditStore _store;

    internal AuditLog(IAuditStore store) => _store = store;

    /// <summary>Entries that fit, and that the caller may see, newest first. A page may be short, even empty, while there are more.</summary>
    public async ValueTask<(IReadOnlyList<AuditEntry> Items, string NextPageToken)> ListAsync(
        AuditFilter filter, string pageToken, int pageSize, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(filter);
        int size = PageSize.Read(pageSize);
        string mark = "audit " + filter;
        long before = PageToken.Read(pageToken, mark) is { Length: > 0 } text && long.TryParse(text, CultureInfo.InvariantCulture, out long number) ? number : 0;
        var found = new List<AuditEntry>();
        for (int read = 0; read < MostRead;)
        {
            var records = await _store.ReadBackAsync(before, ReadSize, cancellation).ConfigureAwait(false);
            foreach (var record in records)
            {
                if (filter.SinceUs != 0 && record.AtUs < filter.SinceUs)
                {
                    return (found, "");
                }

                before = record.Sequence;
                var entry = AuditFormat.Read(record);
                if (filter.Fits(entry) && Actor.Current.Includes(entry.Organization))
                {
                    found.Add(entry);
                    if (found.Count == size)
                    {
                        return (found, before > 1 ? Token() : "");
                    }
                }
            }

            if (records.Count < ReadSize)
            {
                return (found, "");
            }

            read += records.Count;
        }

        return (found, Token());

        string Token() => PageToken.After(before.ToString(CultureInfo.InvariantCulture), mark);
    }

    /// <summary>Reads the whole log and says whether it is as it was written.</summary>
    /// <param name="known">A place that was noted before, as an earlier check told it: the log must still have it. Null = none.</param>
    /// <param name="cancellation">Ends it.</param>
    public async ValueTask<AuditCheck> VerifyAsync(AuditHead? known, CancellationToken cancellation)
    {
        Actor.Current.RequireAll("The audit log is checked as a whole and belongs to all organisations");

        // Read first: what is appended meanwhile only makes the log longer, and what is removed meanwhile is below the anchor that is read last.
        var head = await _store.HeadAsync(cancellation).ConfigureAwait(false);
        var anchor = await _store.AnchorAsync(cancellation).ConfigureAwait(false);
        bool isAnchorTold = anchor.Sequence == 0;
        var last = anchor;
        bool isKnownSeen = known is null || known.Sequence <= anchor.Sequence;
        long first = 0;
        long count = 0;
        if (known is not null && known.Sequence == anchor.Sequence && known.Hash != anchor.Hash)
        {
            return Broken(known.Sequence, $"entry {known.Sequence} had another hash when it was noted");
        }

        while (true)
        {
            var records = await _store.ReadAsync(last.Sequence, ReadSize, cancellation).ConfigureAwait(false);
            foreach (var record in records)
            {
                if (AuditChain.Problem(last, record) is { } problem)
                {
                    if (await _store.AnchorAsync(cancellation).ConfigureAwait(false) is var moved && moved.Sequence > last.Sequence)
                    {
                        // Entries were removed for their age while they were read: once more, from where the log begins now.
                        return await VerifyAsync(known, cancellation).ConfigureAwait(false);
                    }

                    return Broken(Math.Min(record.Sequence, last.Sequence + 1), problem);
                }

                first = first == 0 ? record.Sequence : first;
                count++;
                last = record.Head;
                if (known is not null && known.Sequence == record.Sequence)
                {
                    isKnownSeen = true;
                    if (known.Hash != record.Hash)
                    {
                        return Broken(record.Sequence, $"entry {record.Sequence} had another hash when it was noted");
                    }
                }

                isAnchorTold = isAnchorTold || Tells(record, anchor);
            }

            if (records.Count < ReadSize)
            {
                break;
            }
        }

        return last.Sequence < head.Sequence ? Broken(last.Sequence + 1, $"the entries {last.Sequence + 1} to {head.Sequence} are missing at the end")
            : !isKnownSeen ? Broken(last.Sequence + 1, $"entry {known!.Sequence}, which was noted, is missing at the end")
            : !isAnchorTold ? Broken(anchor.Sequence, $"the entries up to {anchor.Sequence} are missing, and no entry says that they were removed for their age")
            : new AuditCheck(count, first, last, 0, "");

        AuditCheck Broken(long sequence, string problem) => new(count, first, last, sequence, $"The audit log was changed: {problem}.");
    }

    /// <summary>What an entry says that entries are removed up to.</summary>
    internal static byte[] PlaceJson(AuditHead place) => AuditJson.Write(writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("removed_up_to", place.Sequence);
        writer.WriteString("hash", place.Hash);
        writer.WriteEndObject();
    });

    private static bool Tells(AuditRecord record, AuditHead anchor)
    {
        var entry = AuditFormat.Read(record);
        if (entry.Action != Prune)
        {
            return false;
        }

        using var json = JsonDocument.Parse(entry.AfterJson);
        return json.RootElement.GetProperty("removed_up_to").GetInt64() == anchor.Sequence && json.RootElement.GetProperty("hash").GetString() == anchor.Hash;
    }
}
