using Decision.Engine.Charges;

namespace Decision.Runtime.Stores;

/// <summary>Port to the counters. Every member throws <see cref="StoreException"/> when the store cannot answer.</summary>
public interface ICounterStore
{
    /// <summary>
    /// True = <see cref="SpendAsync"/> compares <see cref="Spending.KeyVersion"/> with the stored record, because other replicas write it too;
    /// false = the only process that writes it is this one, which forgets its copy before a write returns. Never changes.
    /// </summary>
    bool ComparesKeys { get; }

    /// <summary>
    /// Tests all charges and spends them together or not at all, in one atomic step on the store's clock.
    /// </summary>
    /// <remarks>
    /// Enforced charges: if one refuses, nothing is spent anywhere. Shadow charges are spent among themselves all or none, and only
    /// if no enforced charge refused; they never hold back the enforced ones. With <see cref="Spending.IsPeek"/> nothing is spent.
    /// Without charges only the key's version is compared.
    /// The embedded store completes synchronously.
    /// </remarks>
    ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation);

    /// <summary>What each counter holds now, measured by the limits of the charges; spends nothing.</summary>
    ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation);

    /// <summary>Clears the counters; answers what each held before.</summary>
    ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation);

    /// <summary>Adds to (or with a negative number takes from) what a quota's counter holds in its running period; never below 0.</summary>
    ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation);

    /// <summary>Removes every counter of a subject, also those that no limit names any more.</summary>
    ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation);
}
