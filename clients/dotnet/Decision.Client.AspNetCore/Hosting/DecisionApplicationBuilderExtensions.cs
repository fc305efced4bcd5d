using Decision.Client;
using Decision.Client.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the middleware into an application's pipeline.</summary>
public static class DecisionApplicationBuilderExtensions
{
    /// <summary>
    /// Asks the service about every request that comes here: after <c>UseForwardedHeaders</c>, <c>UseCors</c> and <c>UseRouting</c>, and before what
    /// is to be protected. Each request is decided once, also where it runs through the pipeline again.
    /// </summary>
    /// <param name="app">The application.</param>
    /// <returns><paramref name="app"/>, for more calls.</returns>
    /// <exception cref="InvalidOperationException"><c>AddDecision</c> was not called.</exception>
    public static IApplicationBuilder UseDecision(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);

        // Asked for, not made: wrong settings are told at the start, all together.
        if (app.ApplicationServices.GetService<IServiceProviderIsService>()?.IsService(typeof(IDecisionClient)) == false)
        {
            throw new InvalidOperationException("UseDecision needs its services: call builder.Services.AddDecision() before the application is built.");
        }

        return app.UseMiddleware<DecisionMiddleware>();
    }
}
