using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Files;

/// <summary>
/// The operating system's events of the sources' folders. They only make it quicker: where they do not come (too many watches, a network file
/// system, a folder that was replaced), looking finds the change.
/// </summary>
internal sealed class FolderEvents(FileSources sources, TimeSpan lookInterval, ILogger log, Action onChange) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private List<FileSystemWatcher> _watchers = [];
    private bool _isDisposed;

    /// <summary>Starts to listen, afresh if it did already: to the folders that are there now.</summary>
    public void Listen()
    {
        lock (_lock)
        {
            if (_isDisposed)
            {
                return;
            }

            StopListening();
            foreach (string folder in sources.Folders())
            {
                try
                {
                    _watchers.Add(Watch(folder));
                    _said.Remove(folder);
                }
                catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
                {
                    Say(folder, error.Message);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            StopListening();
        }
    }

    private FileSystemWatcher Watch(string folder)
    {
        var watcher = new FileSystemWatcher(LinkPath.Resolve(folder))
        {
            NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            InternalBufferSize = 65_536,
        };
        watcher.Changed += (_, change) => OnEvent(change.Name);
        watcher.Created += (_, change) => OnEvent(change.Name);
        watcher.Deleted += (_, change) => OnEvent(change.Name);
        watcher.Renamed += (_, change) =>
        {
            OnEvent(change.OldName);
            OnEvent(change.Name);
        };
        watcher.Error += (_, error) =>
        {
            lock (_lock)
            {
                Say(folder, error.GetException().Message);
            }

            // Events were lost, so any file may have changed.
            onChange();
        };
        try
        {
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch
        {
            watcher.Dispose();
            throw;
        }
    }

    private void OnEvent(string? name)
    {
        if (sources.Concerns(name))
        {
            onChange();
        }
    }

    private void Say(string folder, string reason)
    {
        if (_said.Add(folder))
        {
            FileLayerLog.NoEvents(log, folder, reason.TrimEnd('.'), lookInterval);
        }
    }

    private void StopListening()
    {
        foreach (var watcher in _watchers)
        {
            watcher.Dispose();
        }

        _watchers = [];
    }
}
