using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;

namespace Decision.Server.Telemetry;

/// <summary>Whether telemetry arrives.</summary>
internal sealed class TelemetryMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _failures;

    public TelemetryMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(DecisionMetrics.MeterName);
        _failures = _meter.CreateCounter<long>("decision.telemetry_failures", "{failure}", "Exports of telemetry that its receiver did not take.");
    }

    public void Failed() => _failures.Add(1);

    public void Dispose() => _meter.Dispose();
}
