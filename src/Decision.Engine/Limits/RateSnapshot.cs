namespace Decision.Engine.Limits;

/// <summary>What a rate counter has recorded, in plain numbers: for a store that lays it out in its own way.</summary>
public sealed record RateSnapshot
{
    /// <summary>The algorithm recorded under.</summary>
    public required RateAlgorithm Algorithm { get; init; }

    /// <summary>The period recorded under, in microseconds.</summary>
    public required long PeriodUs { get; init; }

    /// <summary>The maximum recorded under.</summary>
    public required uint Max { get; init; }

    /// <summary>The newest stamp.</summary>
    public required long NewestUs { get; init; }

    /// <summary>Sliding log: the first stamp in the newest entry. Token bucket: whole microseconds of the moment when it is full again. Windows: start of the current one.</summary>
    public required long MarkUs { get; init; }

    /// <summary>Token bucket: what <see cref="MarkUs"/> lacks, in 1/Max of a microsecond. Windows: units in the current one. Sliding log: 0.</summary>
    public uint Count { get; init; }

    /// <summary>Sliding window: units in the window before.</summary>
    public uint Previous { get; init; }

    /// <summary>Sliding log: its entries, oldest first, at most 1,025.</summary>
    public IReadOnlyList<RateEntry> Entries { get; init; } = [];

    /// <summary>Reads a state.</summary>
    /// <returns>Null where nothing is recorded.</returns>
    public static RateSnapshot? Of(in RateState state)
    {
        if (state.IsEmpty)
        {
            return null;
        }

        bool isLog = state.Kind == RateAlgorithm.SlidingLog;
        return new RateSnapshot
        {
            Algorithm = state.Kind,
            PeriodUs = state.PeriodUs,
            Max = state.Max,
            NewestUs = state.NewestUs,
            MarkUs = state.MarkUs,
            Count = isLog ? 0 : state.Count,
            Previous = state.Previous,
            Entries = isLog ? EntriesOf(state) : [],
        };
    }

    /// <summary>The state.</summary>
    public RateState ToState()
    {
        var state = new RateState
        {
            Kind = Algorithm,
            PeriodUs = PeriodUs,
            Max = Max,
            NewestUs = NewestUs,
            MarkUs = MarkUs,
            Count = Entries.Count == 1 ? Entries[0].Units : Count,
            Previous = Previous,
        };
        if (Entries.Count > 1)
        {
            state.Log = new EntryLog(Entries.Count);
            foreach (RateEntry entry in Entries)
            {
                state.Log.Append(entry.StampUs, entry.Units);
            }
        }

        return state;
    }

    private static RateEntry[] EntriesOf(in RateState state)
    {
        if (state.Log is not { } log)
        {
            return [new RateEntry(state.NewestUs, state.Count)];
        }

        var entries = new RateEntry[log.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            entries[i] = new RateEntry(log.StampAt(i), log.UnitsAt(i));
        }

        return entries;
    }
}
