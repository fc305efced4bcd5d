namespace Decision.Runtime.Transfer;

/// <summary>What an import found and did.</summary>
public sealed class ImportReport
{
    private readonly ImportTally[] _tallies = new ImportTally[TransferWords.Kinds.Length];

    /// <summary>What is wrong with the file.</summary>
    public ImportFindingList Findings { get; } = new();

    /// <summary>What the store has with another content.</summary>
    public ImportFindingList Conflicts { get; } = new();

    /// <summary>What the store has that stands in the way, also where conflicts are overwritten.</summary>
    public ImportFindingList Obstacles { get; } = new();

    /// <summary>Whether nothing refused; unless it was a dry run, everything is written then.</summary>
    public bool IsAccepted { get; internal set; }

    /// <summary>What became of a kind.</summary>
    public ImportTally this[TransferKind kind]
    {
        get => _tallies[(int)kind];
        internal set => _tallies[(int)kind] = value;
    }
}
