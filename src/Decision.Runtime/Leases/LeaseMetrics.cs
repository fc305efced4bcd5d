using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;

namespace Decision.Runtime.Leases;

/// <summary>What leases save. Calls for leases themselves are in <c>decision.store.duration</c>, operation <c>lease</c>.</summary>
internal sealed class LeaseMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _used;

    public LeaseMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(DecisionMetrics.MeterName);
        _used = _meter.CreateCounter<long>("decision.lease.decisions", "{decision}", "Decisions on leased limits that did not ask the store.");
    }

    /// <summary>Makes the gauge of counters that may have a lease.</summary>
    public void Observe(Func<int> leases) =>
        _meter.CreateObservableGauge("decision.lease.counters", leases, "{counter}", "Counters of leased limits that this replica used in the last seconds.");

    public void Used() => _used.Add(1);

    public void Dispose() => _meter.Dispose();
}
