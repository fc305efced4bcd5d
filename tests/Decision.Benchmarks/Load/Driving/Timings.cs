namespace Decision.Benchmarks.Load.Driving;

/// <summary>What a driver saw.</summary>
/// <param name="PerSecond">Calls a second.</param>
/// <param name="Microseconds">Of each call, in ascending order.</param>
internal sealed record Timings(double PerSecond, double[] Microseconds)
{
    /// <summary>What a share of the calls does not exceed.</summary>
    public double Percentile(double share) => Microseconds[Math.Max(0, (int)Math.Ceiling(Microseconds.Length * share) - 1)];
}
