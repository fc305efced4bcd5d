using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Audit;
using Decision.Storage.Embedded.Backups;
using Decision.Storage.Embedded.Counters;
using Decision.Storage.Embedded.Documents;
using Decision.Storage.Embedded.Keys;
using Decision.Storage.Embedded.Sqlite;
using Decision.Storage.Embedded.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Decision.Storage.Embedded.Hosting;

/// <summary>Adds the embedded store.</summary>
public static class EmbeddedStorageExtensions
{
    /// <summary>
    /// Adds the stores of counters, keys, documents and the audit log, copies of all of them, their health, and what opens the database before the
    /// server listens, saves counters while it runs, and closes it at the end.
    /// </summary>
    /// <exception cref="OptionsValidationException">At the start, where an interval is out of its range.</exception>
    /// <exception cref="StoreException">At the start, where the database cannot be used.</exception>
    public static IServiceCollection AddEmbeddedStorage(this IServiceCollection services, Action<EmbeddedStorageOptions> configure)
    {
        services.AddOptions<EmbeddedStorageOptions>()
            .Configure(configure)
            .Validate(EmbeddedStorageOptions.IsSaveIntervalInRange, "The embedded store's SaveInterval must be between 10 ms and 1 minute.")
            .Validate(EmbeddedStorageOptions.IsIdleQuotaInRange, "The embedded store's IdleQuota must be between 1 second and 1 day.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<EmbeddedMetrics>();
        services.TryAddSingleton(provider => new SqliteDatabase(
            provider.GetRequiredService<IOptions<EmbeddedStorageOptions>>().Value.Path, provider.GetRequiredService<EmbeddedMetrics>()));
        services.TryAddSingleton<CounterRows>();
        services.TryAddSingleton<CounterLog>();
        services.TryAddSingleton<EmbeddedCounterStore>();
        services.TryAddSingleton<ICounterStore>(provider => provider.GetRequiredService<EmbeddedCounterStore>());
        services.TryAddSingleton<IKeyStore, EmbeddedKeyStore>();
        services.TryAddSingleton<ICounterTransfer, EmbeddedCounterTransfer>();
        services.TryAddSingleton<EmbeddedDocumentStore>();
        services.TryAddSingleton<IDocumentStore>(provider => provider.GetRequiredService<EmbeddedDocumentStore>());
        services.TryAddSingleton<IDocumentHistory>(provider => provider.GetRequiredService<EmbeddedDocumentStore>());
        services.TryAddSingleton<IAuditStore, EmbeddedAuditStore>();
        services.TryAddSingleton<IUsageStore, EmbeddedUsageStore>();
        services.TryAddSingleton<EmbeddedBackup>();
        services.TryAddSingleton<IBackupStore>(provider => provider.GetRequiredService<EmbeddedBackup>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStoreHealth, EmbeddedStoreHealth>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EmbeddedStorageService>());
        return services;
    }
}
