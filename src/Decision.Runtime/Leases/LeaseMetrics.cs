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

    /// <summary>Makes the gauges of counters that may have a lease, and of what leases hold.</summary>
    public void Observe(Func<int> counters, Func<long> units)
    {
        _meter.CreateObservableGauge("decision.lease.counters", counters, "{counter}", "Counters of leased limits that this replica used in the last seconds.");
        _meter.CreateObservableGauge("decision.lease.units", units, "{unit}", "Units that this replica holds on leases and has not used: so much earlier others may be refused.");
    }

    public void Used() => _used.Add(1);

    public void Dispose() => _meter.Dispose();
}
