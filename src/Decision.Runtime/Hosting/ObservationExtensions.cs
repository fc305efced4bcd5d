using Decision.Runtime.Observation;
using Decision.Runtime.Observation.Notes;
using Decision.Runtime.Observation.Quotas;
using Decision.Runtime.Observation.Refusals;
using Decision.Runtime.Observation.Usage;
using Decision.Runtime.Tracing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Decision.Runtime.Hosting;

/// <summary>Adds what looks at decisions once they are made; without it nothing does.</summary>
public static class ObservationExtensions
{
    /// <summary>Adds the parts that the options name. Spans are made where there is a <see cref="DecisionTracing"/>, the log's notes go to a <see cref="NoteQueue"/>.</summary>
    public static IServiceCollection AddObservation(this IServiceCollection services, ObservationOptions options)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(options);
        services.TryAddSingleton<RefusalFeed>();
        services.TryAddSingleton<RefusalTop>();
        services.TryAddSingleton(options.Usage);
        services.TryAddSingleton<UsageHistory>();
        services.TryAddSingleton<QuotaMetrics>();
        services.TryAddSingleton(provider => new QuotaThresholds(options.QuotaThresholds, provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<QuotaClaims>();
        if (options.Usage.Days > 0)
        {
            services.TryAddSingleton<UsageMetrics>();
            services.TryAddSingleton<UsageCounts>();
            services.TryAddSingleton<UsageFlush>();
            services.AddHostedService(provider => provider.GetRequiredService<UsageFlush>());
        }

        services.TryAddSingleton(provider => new DecisionWatch(
            provider.GetService<DecisionTracing>(),
            options.HasRefusals || options.Log != NoteMode.Off
                ? new DecisionNotes(
                    options.Log,
                    options.LogOneIn,
                    provider.GetService<NoteQueue>(),
                    provider.GetRequiredService<RefusalFeed>(),
                    provider.GetRequiredService<TimeProvider>())
                : null,
            options.HasRefusals ? provider.GetRequiredService<RefusalTop>() : null,
            provider.GetService<UsageCounts>(),
            provider.GetRequiredService<QuotaThresholds>()));
        return services;
    }
}
