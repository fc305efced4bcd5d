namespace Decision.Runtime.Stores;

/// <summary>
/// Port to the audit log: records in one chain, to which any replica appends, and beside it what has begun. The runtime makes the hashes; the
/// store makes sure that nobody appends to a place that is not the end. Writes are durable when the call returns. Throws
/// <see cref="StoreException"/>.
/// </summary>
public interface IAuditStore
{
    /// <summary>Whether other processes append too.</summary>
    bool IsShared { get; }

    /// <summary>Writes down what is about to be done.</summary>
    ValueTask BeginAsync(BegunAct act, CancellationToken cancellation);

    /// <summary>Forgets what has begun: it was not done. Nothing happens where it is not there.</summary>
    ValueTask DropAsync(string actId, CancellationToken cancellation);

    /// <summary>What began before a moment, in any order.</summary>
    ValueTask<IReadOnlyList<BegunAct>> BegunAsync(long beforeUs, CancellationToken cancellation);

    /// <summary>The newest record's place; also where all records were removed. <see cref="AuditHead.None"/> before the first.</summary>
    ValueTask<AuditHead> HeadAsync(CancellationToken cancellation);

    /// <summary>Appends records, and forgets what they came of, in one step.</summary>
    /// <param name="end">The place after which they go: where it is not the end any more, nothing is done.</param>
    /// <param name="records">The records, in order; at least one.</param>
    /// <param name="actId">The id of what had begun; empty = nothing had.</param>
    /// <param name="cancellation">Given up before the write.</param>
    /// <returns>False = others have appended meanwhile.</returns>
    ValueTask<bool> AppendAsync(AuditHead end, IReadOnlyList<AuditRecord> records, string actId, CancellationToken cancellation);

    /// <summary>The place of the newest record that was removed; <see cref="AuditHead.None"/> = none was.</summary>
    ValueTask<AuditHead> AnchorAsync(CancellationToken cancellation);

    /// <summary>Records below a number (0 = from the newest), newest first.</summary>
    ValueTask<IReadOnlyList<AuditRecord>> ReadBackAsync(long before, int size, CancellationToken cancellation);

    /// <summary>Records above a number, oldest first.</summary>
    ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int size, CancellationToken cancellation);

    /// <summary>Removes the records up to a place, which becomes the anchor. Nothing happens where the anchor is there already or beyond.</summary>
    ValueTask PruneAsync(AuditHead last, CancellationToken cancellation);
}
