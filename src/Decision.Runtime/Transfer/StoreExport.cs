using Decision.Engine.Limits;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>
/// Writes everything that a store holds as JSON Lines: a header, one line for each revision of a document, each counter and each key, and a
/// trailer with counts and a checksum. Keys go with their hashes and sealed secrets; their texts are nowhere. Memory does not grow with the
/// number of keys or counters.
/// </summary>
public sealed class StoreExport(
    IDocumentStore documents, IDocumentHistory history, ICounterTransfer counters, IKeyStore keys, TimeProvider time)
{
    private const int KeyPage = 500;

    /// <summary>Writes the export.</summary>
    /// <param name="to">Receives it; flushed, not closed.</param>
    /// <param name="secretsKey"><c>Secrets:Key</c> of the store; null = it has none.</param>
    /// <param name="progress">Is told the lines written so far, now and then.</param>
    /// <param name="cancellation">Gives up; what was written is no whole export then.</param>
    /// <exception cref="StoreException">The store does not answer, or holds what it cannot read.</exception>
    /// <exception cref="TransferException">There are custom keys or sealed secrets, and no <c>Secrets:Key</c> that they were made with.</exception>
    public async Task<ExportReport> WriteAsync(
        Stream to, byte[]? secretsKey, IProgress<long>? progress, CancellationToken cancellation)
    {
        using ExportLineWriter writer = new(to);
        ExportRun run = new(writer, progress);
        string? fingerprint = secretsKey is null ? null : SecretsFingerprint.Of(secretsKey);
        await writer.HeaderAsync(time.GetUtcNow(), fingerprint, cancellation).ConfigureAwait(false);

        DocumentExport export = new(documents, history);
        for (int kind = 0; kind < TransferWords.Documents.Length; kind++)
        {
            await export.WriteAsync((TransferKind)kind, run, cancellation).ConfigureAwait(false);
        }

        await WriteUsageAsync(run, cancellation).ConfigureAwait(false);
        await WriteKeysAsync(run, cancellation).ConfigureAwait(false);
        if (run.NeedsSecretsKey && fingerprint is null)
        {
            throw new TransferException(
                "The store has custom keys or signature secrets, and Secrets:Key is not set: without it they could not be used after an import. Set Secrets:Key to the one that they were made with.");
        }

        await writer.TrailerAsync(cancellation).ConfigureAwait(false);
        return run.Report;
    }

    private async Task WriteUsageAsync(ExportRun run, CancellationToken cancellation)
    {
        await foreach (StoredCounter counter in counters.ExportAsync(cancellation).ConfigureAwait(false))
        {
            if (LimitStateFormat.TryRead(counter.State.Span, out RateState _) || LimitStateFormat.TryRead(counter.State.Span, out QuotaState _))
            {
                await run.UsageAsync(counter, cancellation).ConfigureAwait(false);
            }
            else
            {
                run.Damaged(counter);
            }
        }
    }

    private async Task WriteKeysAsync(ExportRun run, CancellationToken cancellation)
    {
        string after = "";
        IReadOnlyList<KeyRecord> page;
        do
        {
            page = await keys.ListAsync(KeyFilter.All, after, KeyPage, cancellation).ConfigureAwait(false);
            foreach (KeyRecord record in page)
            {
                await run.KeyAsync(record, cancellation).ConfigureAwait(false);
                after = record.Key.Id;
            }
        }
        while (page.Count == KeyPage);
    }
}
