using Decision.Runtime.Stores;

namespace Decision.Runtime.Observation.Usage;

/// <summary>Port: the use by the hour, of all servers on the store, and what may be told once only.</summary>
public interface IUsageStore
{
    /// <summary>Adds to what is there. A batch that was added before changes nothing, so that it can be tried again when no answer came.</summary>
    /// <param name="batch">Names the batch; unique.</param>
    /// <param name="counts">What is added.</param>
    /// <param name="days">Days that are kept.</param>
    /// <param name="mostIds">Ids of a kind that a day has at most; what comes after is added to <see cref="UsageHours.Others"/>.</param>
    /// <param name="cancellation">Given up; it may have been done.</param>
    /// <exception cref="StoreException">The store did not answer.</exception>
    ValueTask AddAsync(string batch, IReadOnlyList<UsageCount> counts, int days, int mostIds, CancellationToken cancellation);

    /// <summary>What came in the hours from <paramref name="first"/> to <paramref name="last"/>, both included; hours without any are left out.</summary>
    /// <exception cref="StoreException">The store did not answer.</exception>
    ValueTask<IReadOnlyList<UsageCount>> ReadAsync(UsageKind kind, string id, long first, long last, CancellationToken cancellation);

    /// <summary>Claims something that is to be told once in a period.</summary>
    /// <param name="name">What.</param>
    /// <param name="endsAtUs">When the period ends, in microseconds since the Unix epoch. A claim whose end is nearer than <paramref name="toleranceUs"/> to it is of the same period.</param>
    /// <param name="toleranceUs">How far the ends of the same period may lie apart, in microseconds.</param>
    /// <param name="cancellation">Given up; it may have been claimed.</param>
    /// <returns>Whether nobody had claimed it.</returns>
    /// <exception cref="StoreException">The store did not answer.</exception>
    ValueTask<bool> ClaimAsync(string name, long endsAtUs, long toleranceUs, CancellationToken cancellation);
}
