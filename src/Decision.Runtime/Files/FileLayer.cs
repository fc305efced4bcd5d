using Decision.Engine.Findings;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Credentials;
using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Files;

/// <summary>
/// The policies and APIs of files: read, checked and swapped in as a whole. Files with errors, or that vanish, keep the set in force; so does
/// a folder that becomes empty, for an unmounted volume looks like that. Only <c>{}</c> clears a set.
/// </summary>
public sealed class FileLayer : IStatusPart, IDisposable
{
    private readonly Catalog _catalog;
    private readonly FileLayerMetrics _metrics;
    private readonly ILogger<FileLayer> _log;
    private readonly RuntimeOptions _options;
    private readonly FileSetReader _reader;
    private readonly LastGoodSet _lastGood;
    private readonly ChangeReport _changes;
    private readonly FindingReport _findings;
    private readonly AuditTrail _audit;

    // One reading at a time, from the first file to the last line of the log.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private FileSnapshot _seen = FileSnapshot.None;
    private FileSet _set = FileSet.Empty;
    private volatile string? _loadProblem;
    private volatile string? _storeProblem;

    internal FileLayer(
        Catalog catalog,
        IDocumentStore documents,
        IKeyStore keys,
        TimeProvider time,
        IOptions<RuntimeOptions> options,
        FileLayerMetrics metrics,
        AuditTrail audit,
        ILogger<FileLayer> log)
    {
        (_catalog, _metrics, _audit, _log, _options) = (catalog, metrics, audit, log, options.Value);
        Sources = FileSources.From(_options);
        _reader = new FileSetReader(catalog, Sources, _options.Engine.Grants, time);
        _lastGood = new LastGoodSet(documents, time, Sources);
        _changes = new ChangeReport(keys, log);
        _findings = new FindingReport(log);
    }

    /// <inheritdoc />
    public string Name => "files";

    /// <inheritdoc />
    public string? Problem =>
        (_loadProblem, _storeProblem) switch
        {
            (null, null) => null,
            ({ } load, { } store) => $"{load} {store}",
            var (load, store) => load ?? store,
        };

    internal FileSources Sources { get; }

    /// <summary>Raised after each look at the files, with what came of it; null = nothing had changed.</summary>
    internal event Action<FileReload?>? Looked;

    /// <summary>Reads all files now, whether they changed or not.</summary>
    /// <returns>The findings, and what is in force now.</returns>
    /// <exception cref="Administration.AdministrationException">The caller is for some organisations only.</exception>
    public async Task<FileReload> ReloadAsync(CancellationToken cancellation)
    {
        Actor.Current.RequireAll("The files belong to all organisations");
        if (Sources.IsEmpty)
        {
            return new FileReload(IsInForce: true, [], 0, 0, 0);
        }

        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await LoadAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    /// <summary>The first load. Where files have errors, the last good set of the store is used.</summary>
    /// <exception cref="CatalogException">Neither the files nor the last good set can be used.</exception>
    internal async Task StartAsync(CancellationToken cancellation)
    {
        if (_options.PolicyFolder.Length > 0 && _options.PolicyFile.Length > 0)
        {
            FileLayerLog.FolderWins(_log, _options.PolicyFolder, _options.PolicyFile);
        }

        if (Sources.IsEmpty)
        {
            return;
        }

        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            await StartInTurnAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Looks whether files changed, and reads all if so.</summary>
    /// <param name="trustsStamps">False where an event told of a change: then every file is compared by its content.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task<FileReload?> LookAsync(bool trustsStamps, CancellationToken cancellation)
    {
        FileReload? reload = null;
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var look = _reader.Look(trustsStamps ? _seen : null);
            if (!look.HasContentOf(_seen))
            {
                reload = await LoadAsync(cancellation).ConfigureAwait(false);
            }
            else
            {
                _seen = look.WithoutContent();
                if (_storeProblem is not null && _loadProblem is null)
                {
                    await KeepAsync(cancellation).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _turn.Release();
        }

        Looked?.Invoke(reload);
        return reload;
    }

    private async Task StartInTurnAsync(CancellationToken cancellation)
    {
        var keptFindings = new FindingList();
        FileContent? kept = null;
        try
        {
            kept = await _lastGood.ReadAsync(_reader.Matching, keptFindings, cancellation).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            keptFindings.Error("last good set", "", error.Message);
        }

        var reading = _reader.Read(_set, mayBeEmpty: kept is not { Policies.Count: > 0 });
        _metrics.Record(isLoaded: reading.Set is not null);
        if (reading.Set is { } next)
        {
            await SwapAsync(next, reading, cancellation).ConfigureAwait(false);
            SayLeftOut();
            FileLayerLog.Loaded(_log, Sources.ToString(), next.Layer.Policies.Count, next.SwitchedOff, next.Layer.Apis.Count);
            await KeepAsync(cancellation).ConfigureAwait(false);
            return;
        }

        if (kept is null || keptFindings.HasErrors)
        {
            reading.Findings.AddRange(keptFindings);
            throw new CatalogException($"{Sources} cannot be loaded, and the store has no last good set of it.", reading.Findings);
        }

        await SwapAsync(_reader.Build(kept, _set), reading, cancellation).ConfigureAwait(false);
        SayLeftOut();
        FileLayerLog.LastGoodUsed(_log, Sources.ToString(), reading.Errors, _set.Layer.Policies.Count, _set.Layer.Apis.Count);
        _loadProblem = ProblemOf(reading, "the last good set of the store is used");
    }

    private async Task<FileReload> LoadAsync(CancellationToken cancellation)
    {
        var before = _set;
        var reading = _reader.Read(before, mayBeEmpty: before.Layer.Policies.IsEmpty);
        if (reading.Set is not { } next)
        {
            _seen = reading.Snapshot;
            _metrics.Record(isLoaded: false);
            _findings.Write(reading.Findings);
            FileLayerLog.LoadFailed(_log, Sources.ToString(), reading.Errors, before.Layer.Policies.Count, before.Layer.Apis.Count);
            _loadProblem = ProblemOf(reading, "the set in force before stays");
            return Describe(reading, []);
        }

        await SwapAsync(next, reading, cancellation).ConfigureAwait(false);
        _metrics.Record(isLoaded: true);
        if (_loadProblem is not null)
        {
            FileLayerLog.Mended(_log, Sources.ToString());
            _loadProblem = null;
        }

        // The change is in force: it is told and kept also where the caller has gone.
        var policies = EntryChange.OfPolicies(before, next);
        var reload = Describe(reading, policies);
        var apis = EntryChange.OfApis(before, next);
        await _changes.WriteAsync(Sources.ToString(), policies, apis, reload).ConfigureAwait(false);
        if (policies.Count + apis.Count > 0)
        {
            // It is in force already, and would be also where nobody can tell of it: files count without the store.
            await _audit.TellAsync(FileActs.OfReload(Sources.ToString(), policies, apis), AuditOutcome.Done, "").ConfigureAwait(false);
        }

        await KeepAsync(CancellationToken.None).ConfigureAwait(false);
        return reload;
    }

    /// <summary>Puts the set in force. Only then do the files count as seen: what ends before leaves them to the next look.</summary>
    private async Task SwapAsync(FileSet next, FileReading reading, CancellationToken cancellation)
    {
        await _catalog.Gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            _catalog.Swap(_catalog.Store, next.Layer);
            _set = next;
            _seen = reading.Snapshot;

            // What the files conflict with in the store only warns: it may have been there before, and must not hold up what else changed.
            reading.Findings.AddRange(_catalog.Conflicts.Select(finding => finding with { Severity = FindingSeverity.Warning }));
        }
        finally
        {
            _catalog.Gate.Release();
        }

        _findings.Write(reading.Findings);
    }

    private async Task KeepAsync(CancellationToken cancellation)
    {
        try
        {
            await _lastGood.SaveAsync(_set, cancellation).ConfigureAwait(false);
            if (_storeProblem is not null)
            {
                FileLayerLog.LastGoodStored(_log);
                _storeProblem = null;
            }
        }
        catch (StoreException error)
        {
            if (_storeProblem is null)
            {
                FileLayerLog.LastGoodNotStored(_log, error);
            }

            _storeProblem = $"The last good set of the files could not be stored: {error.Message}";
        }
    }

    private void SayLeftOut()
    {
        foreach (var entry in _set.Layer.Policies.Values.Where(entry => !entry.Policy.IsLoaded).OrderBy(entry => entry.Policy.Id, StringComparer.Ordinal))
        {
            FileLayerLog.PolicyLeftOut(_log, entry.Policy.Id, entry.Source);
        }
    }

    private FileReload Describe(FileReading reading, IReadOnlyList<EntryChange> policies)
    {
        return new FileReload(
            reading.Set is not null, reading.Findings, _set.Layer.Policies.Count, _set.SwitchedOff, _set.Layer.Apis.Count,
            Count(EntryChangeKind.Added), Count(EntryChangeKind.Changed), Count(EntryChangeKind.Removed));

        int Count(EntryChangeKind kind) => policies.Count(change => change.Kind == kind);
    }

    private string ProblemOf(FileReading reading, string whatCounts)
    {
        var first = reading.Findings.First(finding => finding.Severity == FindingSeverity.Error);
        string more = reading.Errors == 1 ? "" : $" ({reading.Errors} errors, this is the first)";
        return $"{Sources} cannot be loaded, {whatCounts}: {first}{more}";
    }
}
