using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Files;

/// <summary>Adds the file layer.</summary>
public static class FileLayerExtensions
{
    /// <summary>Adds what loads the catalog at the start, from the store and from files, and watches the files.</summary>
    public static IServiceCollection AddFileLayer(this IServiceCollection services)
    {
        services.AddOptions<RuntimeOptions>().Validate(
            options => options.PollInterval >= TimeSpan.FromMilliseconds(10) && options.PollInterval <= TimeSpan.FromHours(1),
            "PollInterval must be between 10 ms and 1 hour.");
        services.TryAddSingleton<FileLayerMetrics>();
        services.TryAddSingleton(provider => new FileLayer(
            provider.GetRequiredService<Catalog>(),
            provider.GetRequiredService<IDocumentStore>(),
            provider.GetRequiredService<IKeyStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<RuntimeOptions>>(),
            provider.GetRequiredService<FileLayerMetrics>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<ILogger<FileLayer>>()));
        services.TryAddSingleton<FileWatch>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStatusPart, FileLayer>(provider => provider.GetRequiredService<FileLayer>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CatalogService>());
        return services;
    }
}
