using Decision.Client.AspNetCore;
using Decision.Client.AspNetCore.Options;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Puts what the middleware needs into an application's services.</summary>
public static class DecisionServiceCollectionExtensions
{
    /// <summary>
    /// Adds the client (<see cref="DecisionClientServiceCollectionExtensions.AddDecisionClient"/>) and the middleware's settings: from the
    /// configuration section <c>Decision:Middleware</c>, then from <paramref name="configure"/>. A host refuses to start with wrong ones and says
    /// all of them.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Settings of the middleware in code, which count over the configuration's.</param>
    /// <returns><paramref name="services"/>, for more calls.</returns>
    public static IServiceCollection AddDecision(this IServiceCollection services, Action<DecisionMiddlewareOptions>? configure = null)
    {
        services.AddDecisionClient();
        services.AddOptions<DecisionMiddlewareOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IConfigureOptions<DecisionMiddlewareOptions>, MiddlewareOptionsReader>(
            provider => new MiddlewareOptionsReader(provider.GetService<IConfiguration>())));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<DecisionMiddlewareOptions>, MiddlewareOptionsRules>());
        if (configure is not null)
        {
            services.Configure(configure);
        }

        return services;
    }
}
