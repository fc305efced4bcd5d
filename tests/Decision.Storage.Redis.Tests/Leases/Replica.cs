using System.Diagnostics.Metrics;
using Decision.Engine.Charges;
using Decision.Runtime;
using Decision.Runtime.Leases;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Options;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>What one replica of the service spends on: the store, behind leases of its own.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private readonly LeaseMetrics _metrics;

    public Replica(RedisStore store, TimeProvider time, IMeterFactory meters, ILeaseStore? grants = null)
    {
        _metrics = new LeaseMetrics(meters);
        Store = new LeasedCounterStore(
            store.Get<ICounterStore>(), grants ?? store.Get<ILeaseStore>(), time, Options.Create(new RuntimeOptions()), _metrics);
    }

    public LeasedCounterStore Store { get; }

    public ValueTask<SpendResult> SpendAsync(Charge charge, long cost = 1) =>
        Store.SpendAsync(TestKit.TestCharges.Spend(charge) with { Cost = cost }, CancellationToken.None);

    /// <summary>Forgets what it holds, as a process that is killed does.</summary>
    public async ValueTask DisposeAsync()
    {
        await Store.AnsweredAsync();
        await Store.DisposeAsync();
        _metrics.Dispose();
    }
}
