namespace Decision.Benchmarks.Load;

/// <summary>A way's samples, each beside the one of the way that it is compared with, which was taken in the same round.</summary>
internal sealed record Row(Calls Calls, Way Way)
{
    public List<(Sample Own, Sample Base)> Samples { get; } = [];
}
