namespace Decision.Benchmarks.Load;

/// <summary>How many calls are under way at once, and how many requests a second are sent for as long as a round is to last.</summary>
/// <param name="Connections">Connections.</param>
/// <param name="Streams">Calls at once on each.</param>
/// <param name="PerSecond">Requests for each second of a round.</param>
internal sealed record Calls(int Connections, int Streams, int PerSecond)
{
    public int AtOnce => Connections * Streams;
}
