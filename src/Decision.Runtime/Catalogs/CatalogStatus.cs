using Decision.Engine.Findings;
using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Catalogs;

/// <summary>Whether the store's policies, APIs and organisations are in force as other replicas wrote them; each change of it is logged once.</summary>
internal sealed class CatalogStatus(Catalog catalog, ILogger<CatalogStatus> log) : IStatusPart
{
    private volatile string? _failure;
    private volatile string? _unreadable;

    public string Name => "catalog";

    public string? Problem =>
        _failure is not { } failure ? _unreadable
        : catalog.IsStoreUnread ? $"The store's policies are not loaded yet: {failure}"
        : $"Changes of the store's policies may not be in force: {failure}";

    /// <summary>The store did not answer.</summary>
    public void Failed(StoreException error)
    {
        if (_failure is null && !catalog.IsStoreUnread)
        {
            CatalogLog.CheckFailed(log, error);
        }

        _failure = error.Message;
    }

    /// <summary>The store answered.</summary>
    public void Answered()
    {
        if (_failure is not null)
        {
            _failure = null;
            CatalogLog.CheckAnswers(log);
        }
    }

    /// <summary>A stored document cannot be read.</summary>
    public void Unreadable(CatalogException error)
    {
        var errors = error.Findings.Where(finding => finding.Severity == FindingSeverity.Error).ToArray();
        string more = errors.Length == 1 ? "" : $" ({errors.Length} errors, this is the first)";
        string what = catalog.IsStoreUnread ? "are not loaded yet and cannot be read" : "cannot be read, those in force stay";
        string problem = $"The store's policies, APIs or organisations {what}: {errors[0]}{more}";
        if (problem != _unreadable)
        {
            CatalogLog.StoreUnreadable(log, problem);
            _unreadable = problem;
        }
    }

    /// <summary>All stored documents were read.</summary>
    public void Readable()
    {
        if (_unreadable is not null)
        {
            _unreadable = null;
            CatalogLog.StoreReadable(log);
        }
    }
}
