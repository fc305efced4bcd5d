using System.Threading.Channels;
using Decision.Runtime.Keys;
using Decision.Runtime.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Catalogs;

/// <summary>
/// Keeps this replica at what other replicas write. A push of the store's <see cref="IChangeFeed"/> has the documents read at once, and the key
/// forgotten; each <see cref="RuntimeOptions.CatalogPollInterval"/> the store is asked for its revision, for a push that was lost. One reading
/// at a time; what comes during one has one more follow, however much it is.
/// </summary>
internal sealed class CatalogFollower : IChangeListener, IDisposable
{
    private readonly IChangeFeed? _feed;
    private readonly Catalog _catalog;
    private readonly CatalogLoader _loader;
    private readonly IDocumentStore _documents;
    private readonly KeyRecords _keys;
    private readonly TimeProvider _time;
    private readonly TimeSpan _interval;
    private readonly CatalogStatus _status;
    private readonly ILogger<CatalogFollower> _log;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<bool> _calls = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private int _isTold;
    private long? _revision;
    private bool _isDisposed;
    private IDisposable? _subscription;
    private ITimer? _timer;
    private Task _following = Task.CompletedTask;

    /// <summary>Follows the feed; null = the store has none, for only this process writes it.</summary>
    public CatalogFollower(
        IChangeFeed? feed,
        Catalog catalog,
        CatalogLoader loader,
        IDocumentStore documents,
        KeyRecords keys,
        TimeProvider time,
        IOptions<RuntimeOptions> options,
        CatalogStatus status,
        ILogger<CatalogFollower> log)
    {
        (_feed, _catalog, _loader, _documents, _keys) = (feed, catalog, loader, documents, keys);
        (_time, _interval, _status, _log) = (time, options.Value.CatalogPollInterval, status, log);
    }

    /// <summary>Whether other replicas write the store.</summary>
    public bool IsActive => _feed is not null;

    /// <summary>Raised after each check; whether anything differed.</summary>
    internal event Action<bool>? Checked;

    /// <summary>Reads the store's layer for the first time, and begins to follow it. A store that does not answer is asked again later.</summary>
    /// <exception cref="CatalogException">A stored document cannot be read.</exception>
    public async Task StartAsync(CancellationToken cancellation)
    {
        _subscription = _feed!.Subscribe(this);
        try
        {
            await LoadAsync(cancellation).ConfigureAwait(false);
        }
        catch (StoreException error)
        {
            _catalog.IsStoreUnread = true;
            _status.Failed(error);
            CatalogLog.StoreUnread(_log, _interval, error);
        }

        _following = Task.Run(FollowAsync, CancellationToken.None);
        _timer = _time.CreateTimer(_ => _calls.Writer.TryWrite(true), null, _interval, _interval);
    }

    /// <summary>Stops when the check that runs has ended.</summary>
    public async Task StopAsync()
    {
        _subscription?.Dispose();
        if (_timer is not null)
        {
            await _timer.DisposeAsync().ConfigureAwait(false);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
    }

    /// <inheritdoc />
    public void KeyChanged(string keyId) => _keys.ForgetWritten(keyId);

    /// <inheritdoc />
    public void DocumentsChanged()
    {
        Volatile.Write(ref _isTold, 1);
        _calls.Writer.TryWrite(true);
    }

    /// <inheritdoc />
    /// <remarks>Keys in memory stay: each spending compares them anyway. Those that were unknown may have been written since.</remarks>
    public void Connected()
    {
        _keys.ForgetUnknown();
        DocumentsChanged();
    }

    // A start that failed elsewhere disposes without stopping.
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            _subscription?.Dispose();
            _timer?.Dispose();
            _stopping.Cancel();
            _stopping.Dispose();
        }
    }

    private async Task FollowAsync()
    {
        // Taken once: at the end of the server the source may be disposed of before this has ended.
        var stopping = _stopping.Token;
        try
        {
            while (await _calls.Reader.WaitToReadAsync(stopping).ConfigureAwait(false))
            {
                _calls.Reader.TryRead(out _);
                bool differs = await CheckAsync(stopping).ConfigureAwait(false);
                Checked?.Invoke(differs);
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        bool isTold = Interlocked.Exchange(ref _isTold, 0) == 1;
        bool wasUnread = _catalog.IsStoreUnread;
#pragma warning disable CA1031 // Whatever one check meets, the next one must still see a change.
        try
        {
            bool differs = (isTold || await _documents.RevisionAsync(cancellation).ConfigureAwait(false) != _revision)
                && await LoadAsync(cancellation).ConfigureAwait(false);
            _status.Answered();
            if (wasUnread || differs)
            {
                Say(wasUnread);
            }

            return differs;
        }
        catch (CatalogException error)
        {
            _status.Answered();
            _status.Unreadable(error);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            if (isTold)
            {
                // What was told is still to be read.
                Volatile.Write(ref _isTold, 1);
            }

            Note(error);
        }
#pragma warning restore CA1031

        return false;
    }

    private async Task<bool> LoadAsync(CancellationToken cancellation)
    {
        // Read before the documents: what is written meanwhile has the next check read them again. What cannot be read is not read again
        // before it is changed.
        long revision = await _documents.RevisionAsync(cancellation).ConfigureAwait(false);
        try
        {
            bool differs = await _loader.LoadAsync(cancellation).ConfigureAwait(false);
            _revision = revision;
            _status.Readable();
            return differs;
        }
        catch (CatalogException)
        {
            _revision = revision;
            throw;
        }
    }

    private void Note(Exception error)
    {
        if (error is StoreException failure)
        {
            _status.Failed(failure);
        }
        else
        {
            CatalogLog.FollowFailed(_log, error);
        }
    }

    private void Say(bool wasUnread)
    {
        var store = _catalog.Store;
        if (wasUnread)
        {
            CatalogLog.StoreRead(_log, store.Policies.Count, store.Apis.Count, store.Organizations.Count);
        }
        else
        {
            CatalogLog.Followed(_log, store.Policies.Count, store.Apis.Count, store.Organizations.Count);
        }
    }
}
