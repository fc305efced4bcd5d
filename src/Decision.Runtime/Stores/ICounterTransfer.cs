using Decision.Engine.Limits;

namespace Decision.Runtime.Stores;

/// <summary>
/// Port to all counters of a store, for backups and for the way to another store. Every member throws <see cref="StoreException"/> when the
/// store cannot answer.
/// </summary>
public interface ICounterTransfer
{
    /// <summary>
    /// Every counter that still counts, in any order, also what is not saved yet. A state is given as it is stored: whether
    /// <see cref="LimitStateFormat"/> can read it is for the caller to see. While others spend, each counter is as of some moment during
    /// the call, and one may come twice.
    /// </summary>
    IAsyncEnumerable<StoredCounter> ExportAsync(CancellationToken cancellation);

    /// <summary>
    /// Takes counters over; durable, as far as the store is, when the call returns. What remains is never enlarged: of two quotas the later
    /// period's start wins, and at the same start the larger use; a rate is taken over only where the store has nothing recorded that still
    /// counts. To import the same again changes nothing.
    /// </summary>
    /// <exception cref="ArgumentException">A state is none that <see cref="LimitStateFormat"/> can read: nothing is imported.</exception>
    ValueTask<CounterImport> ImportAsync(IReadOnlyList<StoredCounter> counters, CancellationToken cancellation);
}
