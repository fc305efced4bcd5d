namespace Decision.Runtime.Transfer;

/// <summary>How many there are of each kind.</summary>
public sealed class TransferCounts
{
    private readonly long[] _items = new long[TransferWords.Kinds.Length];

    /// <summary>How many of a kind. A document counts once, however many revisions it has; also one that was deleted.</summary>
    public long this[TransferKind kind]
    {
        get => _items[(int)kind];
        internal set => _items[(int)kind] = value;
    }

    /// <summary>Revisions of all documents.</summary>
    public long Revisions { get; internal set; }
}
