namespace Decision.Runtime.Stores;

/// <summary>
/// Port to units that this process takes of shared counters before it uses them. Until it tells what became of them they count as used for
/// everybody, also where it ends without a word.
/// </summary>
public interface ILeaseStore
{
    /// <summary>Counts what was used, takes back what is not kept, and grants more, in one atomic step on the store's clock.</summary>
    /// <param name="orders">All of counters of one subject, each of a counter of its own.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The answer to each order, in the same order.</returns>
    /// <exception cref="StoreException">The store did not answer: what was ordered may have been done, and may be ordered again.</exception>
    ValueTask<LeaseGrant[]> LeaseAsync(IReadOnlyList<LeaseOrder> orders, CancellationToken cancellation);
}
