namespace Decision.Benchmarks.Scale;

/// <summary>What one process measured.</summary>
internal sealed record ScaleFigures
{
    /// <summary>Seconds from building the host until it has started.</summary>
    public double StartSeconds { get; init; }

    /// <summary>Bytes of the managed heap after the start.</summary>
    public long IdleHeap { get; init; }

    /// <summary>Resident bytes after the start.</summary>
    public long IdleResident { get; init; }

    /// <summary>Bytes of the managed heap when every key has been read, without counters.</summary>
    public long KnownHeap { get; init; }

    /// <summary>Bytes of the managed heap when every key has been used, counters included.</summary>
    public long ActiveHeap { get; init; }

    /// <summary>Microseconds of a first decision of a key, which reads the store: middle and 99th percentile.</summary>
    public double[] Cold { get; init; } = [];

    /// <summary>Nanoseconds of a decision of any key: mean, middle, 99th percentile, with every key in memory.</summary>
    public double[] Uniform { get; init; } = [];

    /// <summary>Likewise, of keys as they are asked for in practice: the n-th most busy one is asked for 1/n as often as the first.</summary>
    public double[] Zipf { get; init; } = [];

    /// <summary>
    /// Longest wait of a paced decision in milliseconds, without an edit: least, middle and most of several rounds. The machine may hold up any
    /// round; what the edit itself holds up, it holds up in each.
    /// </summary>
    public double[] LongestQuiet { get; init; } = [];

    /// <summary>Likewise, of a thread that keeps the same pace and does nothing: what the machine itself holds up.</summary>
    public double[] LongestEmpty { get; init; } = [];

    /// <summary>Likewise, while the policy of all keys is edited.</summary>
    public double[] LongestEdited { get; init; } = [];

    /// <summary>All pauses of the garbage collector in a round in milliseconds, middle of the rounds: without an edit, and with one.</summary>
    public double[] Pauses { get; init; } = [];

    /// <summary>The longest single pause of the rounds.</summary>
    public ScalePause WorstPause { get; init; } = new();

    /// <summary>How often the whole heap was collected with every decision waiting.</summary>
    public int PausesOfWholeHeap { get; init; }

    /// <summary>Seconds that an edit took to return: middle of the rounds.</summary>
    public double EditSeconds { get; init; }

    /// <summary>Whether each edit was in force at the first decision after it returned.</summary>
    public bool IsEditAtOnce { get; init; }

    /// <summary>Decisions that a key storm of a second made, and bytes of the heap that they left.</summary>
    public long[] Storm { get; init; } = [];
}
