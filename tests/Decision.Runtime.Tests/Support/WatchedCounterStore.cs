using Decision.Engine.Charges;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Tests.Support;

/// <summary>How the counters fail.</summary>
internal enum CounterFailure
{
    None,

    /// <summary>At the call, before anything is awaited.</summary>
    AtOnce,

    /// <summary>Later, as a store behind a network does.</summary>
    Later,
}

/// <summary>The real store, counted, and failing on demand.</summary>
internal sealed class WatchedCounterStore(ICounterStore inner) : ICounterStore
{
    private int _spendings;

    public bool ComparesKeys => inner.ComparesKeys;

    public int Spendings => Volatile.Read(ref _spendings);

    public CounterFailure Failure { get; set; }

    /// <summary>Answers the next call without asking the real store.</summary>
    public Func<Spending, SpendResult?>? Instead { get; set; }

    public ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _spendings);
        return Failure switch
        {
            CounterFailure.AtOnce => throw new StoreException("The counters do not answer."),
            CounterFailure.Later => FailLaterAsync(),
            _ when Instead?.Invoke(spending) is { } result => new ValueTask<SpendResult>(result),
            _ => inner.SpendAsync(in spending, cancellation),
        };
    }

    public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
        inner.ReadAsync(charges, cancellation);

    public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
        inner.ResetAsync(charges, cancellation);

    public ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation) =>
        inner.AdjustAsync(quota, delta, cancellation);

    public ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) => inner.DeleteSubjectAsync(subject, cancellation);

    private static async ValueTask<SpendResult> FailLaterAsync()
    {
        await Task.Yield();
        throw new StoreException("The counters do not answer.");
    }
}
