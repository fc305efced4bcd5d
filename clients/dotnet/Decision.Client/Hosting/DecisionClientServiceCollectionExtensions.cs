using Decision.Client;
using Decision.Client.Hosting;
using Decision.Client.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the client into a program's services.</summary>
public static class DecisionClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="IDecisionClient"/> and <see cref="DecisionClient"/>, one for the whole program. Settings come from the configuration
    /// section <c>Decision</c>, then from <paramref name="configure"/>; a host refuses to start with wrong ones and says all of them. The host
    /// connects when it starts, and starts also where the service does not answer.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Settings in code, which count over the configuration's.</param>
    /// <returns><paramref name="services"/>, for more calls.</returns>
    public static IServiceCollection AddDecisionClient(this IServiceCollection services, Action<DecisionClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<DecisionClientOptions>().ValidateOnStart();

        // A program without a host may have no configuration.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<DecisionClientOptions>, ClientOptionsReader>(
            provider => new ClientOptionsReader(provider.GetService<IConfiguration>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DecisionClientOptions>, ClientOptionsRules>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(provider => new DecisionClient(
            provider.GetRequiredService<IOptions<DecisionClientOptions>>().Value,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<DecisionClient>>()));
        services.TryAddSingleton<IDecisionClient>(provider => provider.GetRequiredService<DecisionClient>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, ConnectAtStart>());
        return services;
    }
}
