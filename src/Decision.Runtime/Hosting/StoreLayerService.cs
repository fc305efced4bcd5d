using Decision.Runtime.Catalogs;
using Microsoft.Extensions.Hosting;

namespace Decision.Runtime.Hosting;

/// <summary>Reads the store's policies, APIs and organisations before the server listens.</summary>
internal sealed class StoreLayerService(CatalogLoader loader) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => loader.LoadAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
