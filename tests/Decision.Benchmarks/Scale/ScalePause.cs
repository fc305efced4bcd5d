namespace Decision.Benchmarks.Scale;

/// <summary>A pause of the garbage collector.</summary>
internal sealed record ScalePause
{
    /// <summary>How long.</summary>
    public double Milliseconds { get; init; }

    /// <summary>Which generation was collected.</summary>
    public int Generation { get; init; }

    /// <summary>Bytes that stayed alive of what was collected: what a pause grows with.</summary>
    public long Promoted { get; init; }

    /// <summary>Whether the whole heap was collected with every decision waiting: not in the background.</summary>
    public bool IsOfWholeHeap { get; init; }

    /// <summary>The last one.</summary>
    public static ScalePause Last()
    {
        var last = GC.GetGCMemoryInfo(GCKind.Any);
        double milliseconds = 0;
        foreach (var pause in last.PauseDurations)
        {
            milliseconds = Math.Max(milliseconds, pause.TotalMilliseconds);
        }

        return new ScalePause
        {
            Milliseconds = milliseconds,
            Generation = last.Generation,
            Promoted = last.PromotedBytes,
            IsOfWholeHeap = last.Generation == GC.MaxGeneration && !last.Concurrent,
        };
    }

    /// <summary>The longer one.</summary>
    public ScalePause Or(ScalePause other) => other.Milliseconds > Milliseconds ? other : this;
}
