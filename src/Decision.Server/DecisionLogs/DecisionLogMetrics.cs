using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;

namespace Decision.Server.DecisionLogs;

/// <summary>What became of the lines of the decision log.</summary>
internal sealed class DecisionLogMetrics : IDisposable
{
    private static readonly KeyValuePair<string, object?> WrittenLabel = new("result", "written");
    private static readonly KeyValuePair<string, object?> DroppedLabel = new("result", "dropped");
    private static readonly KeyValuePair<string, object?> FailedLabel = new("result", "failed");

    private readonly Meter _meter;
    private readonly Counter<long> _lines;

    public DecisionLogMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(DecisionMetrics.MeterName);
        _lines = _meter.CreateCounter<long>(
            "decision.log_lines", "{line}", "Lines of the decision log by result: written, dropped for want of room, or failed to be written.");
    }

    public void Written(int lines) => _lines.Add(lines, WrittenLabel);

    public void Dropped() => _lines.Add(1, DroppedLabel);

    public void Failed(int lines) => _lines.Add(lines, FailedLabel);

    public void Dispose() => _meter.Dispose();
}
