using System.Security.Cryptography;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>The second pass over a file that the first one accepted: writes it, in the file's order.</summary>
internal sealed class ImportWrite(
    IDocumentStore documents, ICounterTransfer counters, IKeyStore keys, TimeProvider time, ImportOptions options, ImportCheck check)
{
    private const int UsageBatch = 1_000;
    private const int KeyBatch = 64;
    private readonly List<StoredCounter> _usage = [];
    private readonly List<KeyRecord> _keys = [];
    private CounterImport _counters;
    private (TransferKind Kind, string Id) _document;
    private string? _etag;

    /// <exception cref="TransferException">The store was changed by others meanwhile, or the file was.</exception>
    public async Task RunAsync(Stream file, CancellationToken cancellation)
    {
        ImportFindingList findings = new();
        ExportReader reader = new(file, findings, options.Progress);
        check.Report[TransferKind.Key] = default;
        await foreach (ExportLine line in reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            switch (line)
            {
                case RevisionLine revision:
                    await WriteAsync(revision).ConfigureAwait(false);
                    break;
                case UsageLine usage:
                    await AddAsync(usage.Counter, cancellation).ConfigureAwait(false);
                    break;
                case KeyLine key:
                    await AddAsync(key.Record, cancellation).ConfigureAwait(false);
                    break;
            }

            cancellation.ThrowIfCancellationRequested();
        }

        await WriteUsageAsync(cancellation).ConfigureAwait(false);
        await WriteKeysAsync(cancellation).ConfigureAwait(false);
        check.Report[TransferKind.Usage] = new ImportTally(_counters.Written, _counters.Unchanged, 0, _counters.Kept);
        if (findings.Total > 0)
        {
            throw new TransferException($"The file was changed while it was imported ({findings[0]}). Import again from a file that nobody writes.");
        }
    }

    private async ValueTask WriteAsync(RevisionLine line)
    {
        if (!check.Plans.TryGetValue((line.Kind, line.Id), out DocumentPlan? plan))
        {
            throw Changed(TransferWords.Kinds[(int)line.Kind], line.Id);
        }

        if (_document != (line.Kind, line.Id))
        {
            (_document, _etag) = ((line.Kind, line.Id), plan.StoredEtag);
        }

        bool isDue = plan.Action switch
        {
            DocumentAction.Append => line.Revision.Revision > plan.StoredRevision,
            DocumentAction.Replace => line.Revision.Revision == plan.Last,
            _ => false,
        };
        if (!isDue)
        {
            return;
        }

        // A replacement is a change of now, on top of what the store has; an appended revision is the one that it was.
        bool isAppended = plan.Action == DocumentAction.Append;
        long number = isAppended ? line.Revision.Revision : plan.StoredRevision + 1;
        long changedAtUs = isAppended ? line.Revision.ChangedAtUs : time.NowUs();
        string change = isAppended ? line.Revision.Change : plan.StoredEtag is null ? "create" : "update";
        string etag = line.Etag ?? DocumentCheck.UnfinishedEtag + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        bool isWritten = line.IsDeletion
            ? _etag is { } current && await documents.DeleteAsync(line.DocumentKind, line.Id, current, changedAtUs, CancellationToken.None).ConfigureAwait(false)
            : await documents.PutAsync(
                new Document(line.DocumentKind, line.Id, number, etag, line.Revision.Json, changedAtUs), _etag, change, CancellationToken.None)
                .ConfigureAwait(false);
        _etag = line.IsDeletion ? null : etag;
        if (!isWritten)
        {
            throw Changed(TransferWords.Kinds[(int)line.Kind], line.Id);
        }
    }

    private async ValueTask AddAsync(StoredCounter counter, CancellationToken cancellation)
    {
        _usage.Add(counter);
        if (_usage.Count == UsageBatch)
        {
            await WriteUsageAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteUsageAsync(CancellationToken cancellation)
    {
        if (_usage.Count > 0)
        {
            _counters += await counters.ImportAsync(_usage, cancellation).ConfigureAwait(false);
            _usage.Clear();
        }
    }

    private async ValueTask AddAsync(KeyRecord record, CancellationToken cancellation)
    {
        // Before the first key, all usage: a key that is there without what was used of it would be admitted anew.
        await WriteUsageAsync(cancellation).ConfigureAwait(false);
        _keys.Add(record);
        if (_keys.Count == KeyBatch)
        {
            await WriteKeysAsync(cancellation).ConfigureAwait(false);
        }
    }

    private async ValueTask WriteKeysAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();

        // At once, because a store over a network answers many in the time of one.
        ImportTally[] outcomes = await Task.WhenAll(_keys.Select(record => WriteAsync(record).AsTask())).ConfigureAwait(false);
        _keys.Clear();
        ImportTally sum = check.Report[TransferKind.Key];
        foreach (ImportTally outcome in outcomes)
        {
            sum = new ImportTally(sum.Added + outcome.Added, sum.Unchanged + outcome.Unchanged, sum.Replaced + outcome.Replaced, 0);
        }

        check.Report[TransferKind.Key] = sum;
    }

    private async ValueTask<ImportTally> WriteAsync(KeyRecord record)
    {
        if (await keys.CreateAsync(record, CancellationToken.None).ConfigureAwait(false))
        {
            return new ImportTally(1, 0, 0, 0);
        }

        KeyRecord? stored = await keys.FindAsync(record.Key.Id, CancellationToken.None).ConfigureAwait(false);
        if (stored is not null && stored.IsSame(record))
        {
            return new ImportTally(0, 1, 0, 0);
        }

        return stored is not null && options.Replaces
            && await keys.ReplaceAsync(record, stored.Version, CancellationToken.None).ConfigureAwait(false)
            ? new ImportTally(0, 0, 1, 0)
            : throw Changed("key", record.Key.Id);
    }

    private static TransferException Changed(string kind, string id) => new(
        $"The {kind} '{id}' was changed in the store while the file was imported. What is written so far is whole; stop what writes to the store and import again.");
}
