namespace Decision.Benchmarks.Scale;

/// <summary>What one process measured of a replica, and of the Redis that it uses.</summary>
internal sealed record RedisFigures
{
    /// <summary>Seconds from building the host until it has started.</summary>
    public double StartSeconds { get; init; }

    /// <summary>Resident bytes of the replica after the start.</summary>
    public long IdleResident { get; init; }

    /// <summary>Bytes of Redis for the keys, their place in the index included (<c>used_memory</c>).</summary>
    public long IdleMemory { get; init; }

    /// <summary>Likewise when each key has a rate and a quota that were spent on.</summary>
    public long ActiveMemory { get; init; }

    /// <summary>Bytes of a key's own hash (<c>MEMORY USAGE</c>, mean of a sample): idle, and active.</summary>
    public double[] OwnMemory { get; init; } = [];

    /// <summary>Bytes of the replica's heap when it has used every key.</summary>
    public long KnownHeap { get; init; }

    /// <summary>Microseconds of a first decision of a key, which reads its record: middle and 99th percentile, some under way at once.</summary>
    public double[] Cold { get; init; } = [];

    /// <summary>Microseconds of a decision of any key, one at a time: middle and 99th percentile.</summary>
    public double[] Uniform { get; init; } = [];
}
