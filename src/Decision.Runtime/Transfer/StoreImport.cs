using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>
/// Takes an export over into a store. Two passes over the file: the first one reads all of it and compares it with the store, and everything
/// that is wrong is told at once; only if nothing is, the second one writes. It writes documents first, then usage, then keys, so that an
/// import that was interrupted admits nothing anew, and can be repeated: what is there already counts as unchanged. Memory does not grow with
/// the number of keys or counters.
/// </summary>
public sealed class StoreImport(IDocumentStore documents, ICounterTransfer counters, IKeyStore keys, TimeProvider time)
{
    /// <summary>Imports a file.</summary>
    /// <param name="file">The export; read twice, so it must be able to seek.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellation">Gives up between two writes.</param>
    /// <exception cref="StoreException">The store does not answer. What is written so far is whole; the import can be repeated.</exception>
    /// <exception cref="TransferException">Store or file were changed by others meanwhile. The import can be repeated.</exception>
    public async Task<ImportReport> RunAsync(Stream file, ImportOptions options, CancellationToken cancellation)
    {
        ImportCheck check = new(documents, keys, options);
        file.Position = 0;
        await check.RunAsync(file, cancellation).ConfigureAwait(false);
        if (check.Report.IsAccepted && !options.IsDryRun)
        {
            file.Position = 0;
            await new ImportWrite(documents, counters, keys, time, options, check).RunAsync(file, cancellation).ConfigureAwait(false);
        }

        return check.Report;
    }
}
