using Decision.Runtime.Administration;
using Decision.Runtime.Audit;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Decisions;
using Decision.Runtime.Decisions.Groups;
using Decision.Runtime.Effects;
using Decision.Runtime.Files;
using Decision.Runtime.Keys;
using Decision.Runtime.Leases;
using Decision.Runtime.Metrics;
using Decision.Runtime.Observation;
using Decision.Runtime.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decision.Runtime.Hosting;

/// <summary>Adds the runtime; a storage project adds the stores.</summary>
public static class DecisionRuntimeExtensions
{
    /// <summary>Adds the decision path, the administration, the catalog and the files that it is read from.</summary>
    public static IServiceCollection AddDecisionRuntime(this IServiceCollection services, Action<RuntimeOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<RuntimeOptions>().Configure(configure)
            .Validate(options => options.MaxStale >= TimeSpan.Zero, "MaxStale must not be negative.")
            .Validate(options => options.Replicas >= 1, "Replicas must be at least 1.")
            .Validate(options => options.ApisInMetrics is >= 0 and <= 1_000, "ApisInMetrics must be between 0 and 1,000.")
            .Validate(options => options.LeaseShare is >= 0.001 and <= 0.5, "LeaseShare must be between 0.001 and 0.5.")
            .Validate(
                options => options.CatalogPollInterval >= TimeSpan.FromMilliseconds(10) && options.CatalogPollInterval <= TimeSpan.FromMinutes(1),
                "CatalogPollInterval must be between 10 ms and 1 minute.");
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<Catalog>();
        services.TryAddSingleton<CatalogLoader>();
        services.TryAddSingleton<KeyRecords>();
        services.TryAddSingleton<KeyDirectory>();
        services.TryAddSingleton<CatalogStatus>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStatusPart, CatalogStatus>(provider => provider.GetRequiredService<CatalogStatus>()));
        services.TryAddSingleton(provider => new CatalogFollower(
            provider.GetService<IChangeFeed>(),
            provider.GetRequiredService<Catalog>(),
            provider.GetRequiredService<CatalogLoader>(),
            provider.GetRequiredService<IDocumentStore>(),
            provider.GetRequiredService<KeyRecords>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<RuntimeOptions>>(),
            provider.GetRequiredService<CatalogStatus>(),
            provider.GetRequiredService<ILogger<CatalogFollower>>()));
        services.TryAddSingleton<DecisionMetrics>();
        services.AddHostedService<StateMetrics>();
        services.AddHostedService<BackgroundCollection>();
        services.TryAddSingleton(provider => new StandIn(
            provider.GetRequiredService<ICounterStore>().ComparesKeys,
            provider.GetService<ILocalCounters>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<RuntimeOptions>>()));
        services.TryAddSingleton<LeaseMetrics>();
        services.TryAddSingleton(provider => new LeasedCounters(
            provider.GetRequiredService<ICounterStore>(),
            provider.GetService<ILeaseStore>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<RuntimeOptions>>(),
            provider.GetRequiredService<LeaseMetrics>()));
        services.AddHostedService<LeaseService>();
        services.TryAddSingleton(provider => new DecisionRuntime(
            provider.GetRequiredService<Catalog>(),
            provider.GetRequiredService<KeyDirectory>(),
            provider.GetRequiredService<LeasedCounters>().Store,
            provider.GetRequiredService<StandIn>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<DecisionMetrics>(),
            provider.GetService<DecisionWatch>(),
            provider.GetRequiredService<ILogger<DecisionRuntime>>()));
        services.TryAddSingleton(provider => new GroupDecisions(
            provider.GetRequiredService<Catalog>(),
            provider.GetRequiredService<KeyDirectory>(),
            provider.GetRequiredService<LeasedCounters>().Store,
            provider.GetRequiredService<StandIn>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<DecisionMetrics>(),
            provider.GetService<DecisionWatch>(),
            provider.GetRequiredService<ILogger<GroupDecisions>>()));
        services.TryAddSingleton<KeySecrets>();
        services.TryAddSingleton(provider => new KeyAdministration(
            provider.GetRequiredService<Catalog>(),
            provider.GetRequiredService<IKeyStore>(),
            provider.GetRequiredService<ICounterStore>(),
            provider.GetRequiredService<KeyDirectory>(),
            provider.GetRequiredService<KeySecrets>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<RuntimeOptions>>()));
        services.TryAddSingleton(provider => new PolicyAdministration(
            provider.GetRequiredService<Catalog>(),
            provider.GetRequiredService<CatalogLoader>(),
            provider.GetRequiredService<IDocumentStore>(),
            provider.GetRequiredService<IKeyStore>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<IOptions<RuntimeOptions>>()));
        services.TryAddSingleton(provider => new PolicyPlans(
            provider.GetRequiredService<Catalog>(),
            provider.GetRequiredService<CatalogLoader>(),
            provider.GetRequiredService<IDocumentStore>(),
            provider.GetRequiredService<IKeyStore>(),
            provider.GetRequiredService<AuditTrail>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<PolicyEffects>();
        services.TryAddSingleton<ApiAdministration>();
        services.TryAddSingleton<OrganizationAdministration>();
        services.AddAdministrators();
        services.AddFileLayer();
        services.TryAddSingleton<ExpiredKeySweep>();

        // After the catalog's: a pass looks at keys with the policies of both layers.
        services.AddHostedService(provider => provider.GetRequiredService<ExpiredKeySweep>());
        return services;
    }
}
