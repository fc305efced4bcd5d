using Decision.Server.Configuration;

namespace Decision.Server.Hosting;

/// <summary>Looks at the files of certificates and callers each <c>Files:PollInterval</c>.</summary>
internal sealed class ReloadedFiles(IEnumerable<IReloadedFile> files, ServerSettings settings, TimeProvider time) : BackgroundService
{
    private readonly IReloadedFile[] _files = [.. files];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_files.Length == 0)
        {
            return;
        }

        // They are small, and replaced in ways (links, bind mounts) of which no event comes: they are read, not listened to.
        using var timer = new PeriodicTimer(settings.PollInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                foreach (var file in _files)
                {
                    file.Look();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }
}
