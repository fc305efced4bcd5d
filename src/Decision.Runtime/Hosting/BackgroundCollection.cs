using System.Runtime;
using Microsoft.Extensions.Hosting;

namespace Decision.Runtime.Hosting;

/// <summary>
/// Collects a large heap in the background every 15 seconds, so that it is never collected with every decision waiting: with a million keys in
/// memory that would take seconds.
/// </summary>
/// <remarks>
/// Only where the server does not have the collector for servers that it is built with: on one processor, or by <c>DOTNET_gcServer=0</c>.
/// The collector for workstations ends its background thread when it was not needed for 20 seconds. The collection that then needs it starts it
/// anew and does not wait until it runs: mostly it finds none, and collects the whole heap in the foreground instead. .NET 11 mends that
/// (dotnet/runtime#119383). What it costs, and how long the pauses are with and without: docs/performance.md, Scale.
/// </remarks>
internal sealed class BackgroundCollection(TimeProvider time) : BackgroundService
{
    /// <summary>How often; the thread ends after 20 seconds, and a busy machine may be late.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    /// <summary>Bytes of a heap that is left alone: to collect it takes the foreground a few milliseconds.</summary>
    public const long SmallHeap = 32 << 20;

    // Runs from the start on, whenever the loop gets its first thread.
    private readonly PeriodicTimer _timer = new(Interval, time);

    /// <summary>Raised after each look at the heap: whether it was large, and a collection has begun.</summary>
    public event Action<bool>? Looked;

    /// <summary>Whether this collector ends its thread.</summary>
    public static bool IsNeeded => Environment.Version.Major < 11 && !GCSettings.IsServerGC && GCSettings.LatencyMode != GCLatencyMode.Batch;

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (IsNeeded && await _timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            bool isLarge = GC.GetTotalMemory(forceFullCollection: false) > SmallHeap;
            if (isLarge)
            {
                // Returns when the collection has begun; one that is at work already counts.
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
            }

            Looked?.Invoke(isLarge);
        }
    }
}
