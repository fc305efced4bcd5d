namespace Decision.Runtime.Transfer;

/// <summary>
/// Whether lines come in the order in which they are written: by kinds, documents and keys by their ids and each once, revisions oldest first.
/// So one pass without a memory of what came before finds everything that does not fit together.
/// </summary>
internal sealed class ExportOrder
{
    private TransferKind _kind;
    private RevisionLine? _revision;
    private string _keyId = "";

    public TransferCounts Counts { get; } = new();

    /// <summary>What is wrong with the end of the items; empty = nothing.</summary>
    public string EndProblem => IsOpen(_revision) ? OpenProblem(_revision!) : "";

    /// <summary>What is wrong with the line at this place; empty = nothing.</summary>
    public string ProblemOf(ExportLine line, HeaderLine header)
    {
        TransferKind kind = line switch
        {
            RevisionLine revision => revision.Kind,
            UsageLine => TransferKind.Usage,
            KeyLine => TransferKind.Key,
            _ => (TransferKind)(-1),
        };
        if (kind < 0)
        {
            return "is a second header";
        }

        if (!header.Kinds.Contains(kind) || kind < _kind)
        {
            return $"is of the kind '{TransferWords.Kinds[(int)kind]}', which is out of its place: the file was changed after it was written";
        }

        string problem = line switch
        {
            RevisionLine revision => Next(revision),
            KeyLine key => Next(key),
            _ => EndProblem,
        };
        _kind = kind;
        if (line is not RevisionLine)
        {
            _revision = null;
            Counts[kind]++;
        }

        return problem;
    }

    private string Next(RevisionLine line)
    {
        RevisionLine? before = _revision;
        _revision = line;
        Counts.Revisions++;
        if (before is not null && before.Kind == line.Kind && before.Id == line.Id)
        {
            return before.Etag is not null || line.Revision.Revision <= before.Revision.Revision ? "is out of its place: the revisions of a document come in their order"
                : line.IsDeletion && (before.IsDeletion || line.Revision.Revision != before.Revision.Revision + 1) ? "deletes what is not there"
                : "";
        }

        Counts[line.Kind]++;
        return IsOpen(before) ? OpenProblem(before!)
            : before is not null && before.Kind == line.Kind && string.CompareOrdinal(before.Id, line.Id) > 0 ? $"has the id '{line.Id}', which is out of its place"
            : line.IsDeletion ? "deletes what is not there"
            : "";
    }

    private string Next(KeyLine line)
    {
        string before = _keyId;
        _keyId = line.Record.Key.Id;
        return EndProblem.Length > 0 ? EndProblem
            : string.CompareOrdinal(before, _keyId) >= 0 ? $"has the key '{_keyId}', which is out of its place or comes twice"
            : "";
    }

    private static bool IsOpen(RevisionLine? revision) => revision is { Etag: null, IsDeletion: false };

    private static string OpenProblem(RevisionLine revision) =>
        $"comes where the newest revision of the {TransferWords.Kinds[(int)revision.Kind]} '{revision.Id}' should be";
}
