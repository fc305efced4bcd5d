namespace Decision.Benchmarks.Scale;

/// <summary>What one round of paced decisions showed.</summary>
/// <param name="Longest">Longest wait of a decision, in milliseconds since it was due.</param>
/// <param name="Paused">All pauses of the garbage collector, in milliseconds.</param>
/// <param name="Worst">The longest of them.</param>
/// <param name="OfWholeHeap">How many of them collected the whole heap.</param>
internal sealed record ScaleRound(double Longest, double Paused, ScalePause Worst, int OfWholeHeap);
