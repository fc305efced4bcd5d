using Decision.Runtime.Catalogs;
using Microsoft.Extensions.Hosting;

namespace Decision.Runtime.Files;

/// <summary>
/// Fills the catalog before the server listens: the store's layer, then the files', then what follows both. It begins in <c>StartAsync</c>, because the
/// store is opened in <c>StartingAsync</c>.
/// </summary>
internal sealed class CatalogService(CatalogLoader loader, CatalogFollower follower, FileLayer files, FileWatch watch) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (follower.IsActive)
        {
            await follower.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await loader.LoadAsync(cancellationToken).ConfigureAwait(false);
        }

        await files.StartAsync(cancellationToken).ConfigureAwait(false);
        watch.Start();
    }

    // The store is closed in StoppedAsync, after this has ended.
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await watch.StopAsync().ConfigureAwait(false);
        await follower.StopAsync().ConfigureAwait(false);
    }
}
