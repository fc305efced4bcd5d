using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Leases;

/// <summary>
/// The counters that decisions spend on: those of the store, behind leases where others share it. A store of this process alone has nothing to
/// lease: there <c>leased</c> counts exactly, as cheaply.
/// </summary>
internal sealed class LeasedCounters : IAsyncDisposable
{
    public LeasedCounters(ICounterStore store, ILeaseStore? grants, TimeProvider time, IOptions<RuntimeOptions> options, LeaseMetrics metrics)
    {
        Leases = grants is null ? null : new LeasedCounterStore(store, grants, time, options, metrics);
        Store = Leases ?? store;
    }

    /// <summary>What to spend on.</summary>
    public ICounterStore Store { get; }

    /// <summary>The leases; null = there are none.</summary>
    public LeasedCounterStore? Leases { get; }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Leases?.DisposeAsync() ?? ValueTask.CompletedTask;
}
