using Decision.Runtime.Hosting;
using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Audit;
using Decision.Storage.Redis.Changes;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Counters;
using Decision.Storage.Redis.Documents;
using Decision.Storage.Redis.Keys;
using Decision.Storage.Redis.Trimming;
using Decision.Storage.Redis.Usage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Decision.Storage.Redis.Hosting;

/// <summary>Adds the Redis store.</summary>
public static class RedisStorageExtensions
{
    /// <summary>
    /// Adds the stores of counters, keys, documents and the audit log, the feed of other replicas' changes, their health, and what connects before the
    /// server listens. A Redis that is not there does not keep the service from starting.
    /// </summary>
    /// <exception cref="OptionsValidationException">At the start, where a setting is wrong.</exception>
    public static IServiceCollection AddRedisStorage(this IServiceCollection services, Action<RedisStorageOptions> configure)
    {
        services.AddOptions<RedisStorageOptions>()
            .Configure(configure)
            .Validate(
                options => options.Timeout >= TimeSpan.FromMilliseconds(1) && options.Timeout <= TimeSpan.FromSeconds(10),
                "Redis:Timeout must be between 1 ms and 10 seconds.")
            .Validate(
                options => options.AdminTimeout >= TimeSpan.FromMilliseconds(10) && options.AdminTimeout <= TimeSpan.FromMinutes(5),
                "Redis:AdminTimeout must be between 10 ms and 5 minutes.")
            .Validate(
                options => options.BreakDuration >= TimeSpan.FromMilliseconds(10) && options.BreakDuration <= TimeSpan.FromMinutes(1),
                "Redis:BreakDuration must be between 10 ms and 1 minute.")
            .ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<RedisMetrics>();
        services.TryAddSingleton<RedisConnection>();
        services.TryAddSingleton(provider => new RedisAddress(provider.GetRequiredService<RedisConnection>().Target));
        services.TryAddSingleton<RedisCalls>();
        services.TryAddSingleton(provider => new RedisKeys(provider.GetRequiredService<IOptions<RedisStorageOptions>>().Value.Prefix));
        services.TryAddSingleton(_ => new ScriptClock());
        services.TryAddSingleton<SpendLink>();
        services.TryAddSingleton<DecideClient>();
        services.TryAddSingleton<SpendQueue>();
        services.TryAddSingleton<SlotSpender>();
        services.TryAddSingleton<UsageScripts>();
        services.TryAddSingleton<ICounterStore, RedisCounterStore>();
        services.TryAddSingleton<ILeaseStore, RedisLeaseStore>();
        services.TryAddSingleton<SubjectScan>();
        services.TryAddSingleton<ICounterTransfer, RedisCounterTransfer>();
        services.TryAddSingleton<RedisRecords>();
        services.TryAddSingleton<KeyHashes>();
        services.TryAddSingleton<KeyIndex>();
        services.TryAddSingleton<KeySearch>();
        services.TryAddSingleton<IKeyStore, RedisKeyStore>();
        services.TryAddSingleton<RedisDocumentStore>();
        services.TryAddSingleton<IDocumentStore>(provider => provider.GetRequiredService<RedisDocumentStore>());
        services.TryAddSingleton<IDocumentHistory>(provider => provider.GetRequiredService<RedisDocumentStore>());
        services.TryAddSingleton<IAuditStore, RedisAuditStore>();
        services.TryAddSingleton<IUsageStore, RedisUsageStore>();
        services.TryAddSingleton<IChangeFeed, RedisChangeFeed>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStoreHealth, RedisStoreHealth>());
        services.TryAddSingleton<RedisSettingsPart>();
        services.TryAddSingleton<RedisWarmUp>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStatusPart, RedisSettingsPart>(provider => provider.GetRequiredService<RedisSettingsPart>()));
        services.TryAddSingleton<RedisLayoutPart>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStatusPart, RedisLayoutPart>(provider => provider.GetRequiredService<RedisLayoutPart>()));
        services.TryAddSingleton<RedisSecretsKeyPart>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStatusPart, RedisSecretsKeyPart>(provider => provider.GetRequiredService<RedisSecretsKeyPart>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, RedisStorageService>());
        services.TryAddSingleton<TrimTurn>();
        services.TryAddSingleton<CounterTrim>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, CounterTrimService>());
        return services;
    }
}
