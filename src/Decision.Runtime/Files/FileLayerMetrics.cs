using System.Diagnostics.Metrics;
using Decision.Runtime.Metrics;

namespace Decision.Runtime.Files;

/// <summary>Counts reloads, and tells whether the set in force is older than the files.</summary>
internal sealed class FileLayerMetrics : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _reloads;
    private volatile bool _isStale;

    public FileLayerMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(DecisionMetrics.MeterName);
        _reloads = _meter.CreateCounter<long>("decision.file_reloads", "{reload}", "Readings of policy and API files by result: loaded or failed.");
        _meter.CreateObservableGauge("decision.file_layer_stale", () => _isStale ? 1 : 0, description: "1 while files with errors keep an older set in force.");
    }

    /// <summary>Counts a reading, and sets what the gauge says.</summary>
    public void Record(bool isLoaded)
    {
        _isStale = !isLoaded;
        _reloads.Add(1, new KeyValuePair<string, object?>("result", isLoaded ? "loaded" : "failed"));
    }

    public void Dispose() => _meter.Dispose();
}
