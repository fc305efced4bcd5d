using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Counters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Decision.Storage.Embedded.Hosting;

/// <summary>Adds counters that stand in while a shared store fails.</summary>
public static class LocalCountersExtensions
{
    /// <summary>
    /// Adds <see cref="ILocalCounters"/> in memory, and what lets idle ones go. Touches no disk, and needs nothing of
    /// <see cref="EmbeddedStorageExtensions.AddEmbeddedStorage"/>.
    /// </summary>
    public static IServiceCollection AddLocalCounters(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<LocalCounters>();
        services.TryAddSingleton<ILocalCounters>(provider => provider.GetRequiredService<LocalCounters>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, LocalCountersService>());
        return services;
    }
}
