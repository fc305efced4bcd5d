using System.Collections;

namespace Decision.Runtime.Transfer;

/// <summary>Findings of one kind: all are counted, the first hundred are kept.</summary>
public sealed class ImportFindingList : IReadOnlyList<ImportFinding>
{
    private const int Kept = 100;
    private readonly List<ImportFinding> _kept = [];

    /// <summary>How many were found; the list may hold fewer.</summary>
    public long Total { get; private set; }

    /// <summary>How many are in the list.</summary>
    public int Count => _kept.Count;

    /// <inheritdoc />
    public ImportFinding this[int index] => _kept[index];

    /// <inheritdoc />
    public IEnumerator<ImportFinding> GetEnumerator() => _kept.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(long line, string message)
    {
        Total++;
        if (_kept.Count < Kept)
        {
            _kept.Add(new ImportFinding(line, message));
        }
    }
}
