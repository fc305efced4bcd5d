namespace Decision.Benchmarks.Load;

/// <summary>What one run of a way measured. Calls are what latencies are of; everything else is for each decision.</summary>
internal sealed record Sample
{
    /// <summary>Decisions a second.</summary>
    public required double PerSecond { get; init; }

    /// <summary>Microseconds of a call: the middle, and what 99 and 99.9 of a hundred stay below.</summary>
    public required double P50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double P99 { get; init; }

    /// <inheritdoc cref="P50"/>
    public required double P999 { get; init; }

    /// <summary>Microseconds of CPU of the servers.</summary>
    public required double Cpu { get; init; }

    /// <summary>Microseconds of CPU of the Redis that they use.</summary>
    public required double StoreCpu { get; init; }

    /// <summary>Microseconds of CPU of what sends the requests.</summary>
    public required double DriverCpu { get; init; }

    /// <summary>Bytes that the servers allocated.</summary>
    public required double Bytes { get; init; }
}
