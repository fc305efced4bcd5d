using Decision.Runtime.Stores;

namespace Decision.Runtime.Transfer;

/// <summary>The first pass over a file: reads all of it and compares it with the store; writes nothing.</summary>
internal sealed class ImportCheck(IDocumentStore documents, IKeyStore keys, ImportOptions options)
{
    private DocumentCheck? _document;
    private long _documentLine;
    private string? _keyWithSecret;
    private long _keyLine;
    private bool _hasKeys;

    public ImportReport Report { get; } = new();

    /// <summary>What to do with each document.</summary>
    public Dictionary<(TransferKind Kind, string Id), DocumentPlan> Plans { get; } = [];

    public async Task RunAsync(Stream file, CancellationToken cancellation)
    {
        _hasKeys = await keys.CountAsync(KeyFilter.All, cancellation).ConfigureAwait(false) > 0;
        ExportReader reader = new(file, Report.Findings, options.Progress);
        await foreach (ExportLine line in reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            switch (line)
            {
                case RevisionLine revision:
                    await CheckAsync(revision, reader.LineNumber, cancellation).ConfigureAwait(false);
                    break;
                case UsageLine:
                    Report[TransferKind.Usage] = Report[TransferKind.Usage] with { Added = Report[TransferKind.Usage].Added + 1 };
                    break;
                case KeyLine key:
                    await CheckAsync(key.Record, reader.LineNumber, cancellation).ConfigureAwait(false);
                    break;
            }
        }

        EndDocument();
        CheckSecretsKey(reader.Header);
        Report.IsAccepted = Report.Findings.Total == 0 && Report.Obstacles.Total == 0 && (options.Replaces || Report.Conflicts.Total == 0);
    }

    private async ValueTask CheckAsync(RevisionLine line, long number, CancellationToken cancellation)
    {
        if (_document is null || !_document.IsOf(line))
        {
            EndDocument();
            _document = await DocumentCheck.StartAsync(documents, line, cancellation).ConfigureAwait(false);
        }

        await _document.CompareAsync(line, cancellation).ConfigureAwait(false);
        _documentLine = number;
    }

    private void EndDocument()
    {
        if (_document is not { } document)
        {
            return;
        }

        _document = null;
        (DocumentPlan plan, string? conflict) = document.End();
        TransferKind kind = document.Last.Kind;
        Plans[(kind, document.Last.Id)] = plan;
        if (conflict is not null)
        {
            Report.Conflicts.Add(_documentLine, conflict + ".");
        }

        ImportTally tally = Report[kind];
        Report[kind] = conflict is not null ? tally with { Replaced = tally.Replaced + 1 }
            : plan.Action == DocumentAction.Append ? tally with { Added = tally.Added + 1 }
            : tally with { Unchanged = tally.Unchanged + 1 };
    }

    private async ValueTask CheckAsync(KeyRecord record, long number, CancellationToken cancellation)
    {
        if (_keyWithSecret is null && record.NeedsSecretsKey())
        {
            (_keyWithSecret, _keyLine) = (record.Key.Id, number);
        }

        ImportTally tally = Report[TransferKind.Key];
        KeyRecord? stored = _hasKeys ? await keys.FindAsync(record.Key.Id, cancellation).ConfigureAwait(false) : null;
        if (stored is null)
        {
            Report[TransferKind.Key] = tally with { Added = tally.Added + 1 };
        }
        else if (stored.IsSame(record))
        {
            Report[TransferKind.Key] = tally with { Unchanged = tally.Unchanged + 1 };
            return;
        }
        else
        {
            Report.Conflicts.Add(number, $"the key {record.Key.Id} has another content in the store.");
            Report[TransferKind.Key] = tally with { Replaced = tally.Replaced + 1 };
        }

        foreach (string hash in _hasKeys ? record.IndexedHashes() : [])
        {
            string? owner = await keys.FindIdByHashAsync(hash, cancellation).ConfigureAwait(false);
            if (owner is not null && owner != record.Key.Id)
            {
                Report.Obstacles.Add(number, $"the custom key {record.Key.Id} has the same text as the store's key {owner}: delete one of the two.");
            }
        }
    }

    private void CheckSecretsKey(HeaderLine? header)
    {
        if (header is null || _keyWithSecret is null)
        {
            return;
        }

        string? own = options.SecretsKey is { } secretsKey ? SecretsFingerprint.Of(secretsKey) : null;
        if (own is null || own != header.SecretsKey)
        {
            Report.Findings.Add(
                _keyLine,
                $"the key {_keyWithSecret} is a custom key or has a signature secret, and was made with another Secrets:Key than this server's{(own is null ? ", which has none" : "")}. "
                + "Set Secrets:Key to that of the server that exported: its setting, or the text of the file secrets-key in its data folder.");
        }
    }
}
