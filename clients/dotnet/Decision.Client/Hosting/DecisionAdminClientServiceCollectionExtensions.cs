using Decision.Client;
using Decision.Client.Admin;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts the client for administration into a program's services.</summary>
public static class DecisionAdminClientServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="DecisionAdminClient"/>, one for the whole program. Settings come from the configuration section <c>Decision:Admin</c>, then from
    /// <paramref name="configure"/>; a host refuses to start with wrong ones and says all of them.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Settings in code, which count over the configuration's.</param>
    /// <returns><paramref name="services"/>, for more calls.</returns>
    public static IServiceCollection AddDecisionAdminClient(this IServiceCollection services, Action<DecisionAdminOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<DecisionAdminOptions>().ValidateOnStart();

        // A program without a host may have no configuration.
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<DecisionAdminOptions>, AdminOptionsReader>(
            provider => new AdminOptionsReader(provider.GetService<IConfiguration>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DecisionAdminOptions>, AdminOptionsRules>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.TryAddSingleton(provider => new DecisionAdminClient(
            provider.GetRequiredService<IOptions<DecisionAdminOptions>>().Value,
            provider.GetService<TimeProvider>(),
            provider.GetService<ILogger<DecisionAdminClient>>()));
        return services;
    }
}
