namespace Decision.Benchmarks.Load.Themes;

/// <summary>What is measured beside each other in one run: one thing varies around a base case.</summary>
/// <param name="Name">As the argument has it, and the marker in docs/performance.md.</param>
internal sealed record Theme(string Name)
{
    /// <summary>Names of the servers that it needs.</summary>
    public required IReadOnlyList<string> Servers { get; init; }

    /// <summary>What is driven in turn; the others are compared with the first.</summary>
    public required IReadOnlyList<Way> Ways { get; init; }

    /// <summary>How many calls at once.</summary>
    public required IReadOnlyList<Calls> Calls { get; init; }

    /// <summary>Keys beside the one of h2load's requests, known by their numbers.</summary>
    public int NumberedKeys { get; init; }

    /// <summary>Whether latencies are taken at half of what each way does at most.</summary>
    public bool IsAtHalf { get; init; }

    /// <summary>Whether the table is followed by what a round trip to Redis takes.</summary>
    public bool TellsRoundTrip { get; init; }
}
