using System.Diagnostics.Metrics;

namespace Decision.Server.Hosting;

/// <summary>
/// Meters of the warm-up, under a name that nobody exports. Under their own name they would share the server's series, and end them when
/// the warm-up ends.
/// </summary>
internal sealed class WarmUpMeters : IMeterFactory
{
    private readonly Meter _meter = new("Decision.WarmUp");

    public Meter Create(MeterOptions options) => _meter;

    public void Dispose() => _meter.Dispose();
}
