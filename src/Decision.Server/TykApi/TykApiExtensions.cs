using Decision.Server.Hosting;
using Decision.Server.TykApi.Answers;
using Decision.Server.TykApi.Keys;
using Decision.Server.TykApi.Organizations;
using Decision.Server.TykApi.Paths;
using Decision.Server.TykApi.Policies;
using Decision.Server.TykApi.Reload;
using Microsoft.AspNetCore.Hosting.Server;

namespace Decision.Server.TykApi;

/// <summary>Tyk's Gateway API, and the Dashboard API's policies, over HTTP.</summary>
internal static class TykApiExtensions
{
    /// <summary>Adds the API. The server itself must be there already: it is told to keep keys out of paths.</summary>
    public static IServiceCollection AddTykApi(this IServiceCollection services)
    {
        var server = services.Last(service => service.ServiceType == typeof(IServer));
        services.Remove(server);
        services.AddSingleton<IServer>(provider => new KeyPathServer(
            (IServer)(server.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, server.ImplementationType!))));
        services.PostConfigure<LoggerFilterOptions>(BadRequestLogging.Silence);
        services.AddSingleton<TykErrors>();
        services.AddSingleton<TykCalls>();
        services.AddSingleton<KeyLookup>();
        services.AddSingleton<KeyWriter>();
        services.AddSingleton<KeyOperations>();
        services.AddSingleton<PolicyWriter>();
        services.AddSingleton<PolicyOperations>();
        services.AddSingleton<PortalOperations>();
        services.AddSingleton<OrganizationOperations>();
        services.AddSingleton<ReloadRequests>();
        services.AddSingleton<ReloadOperations>();
        return services;
    }

    /// <summary>Maps the routes. Each takes every method, so that a wrong one is refused in Tyk's words.</summary>
    public static void MapTykApi(this WebApplication app)
    {
        var calls = app.Services.GetRequiredService<TykCalls>();
        foreach (var route in Routes(app.Services))
        {
            app.Map(route.Pattern, context => calls.AnswerAsync(context, route)).WithMetadata(AdminSurfaceMetadata.Instance);
        }
    }

    private static IEnumerable<TykRoute> Routes(IServiceProvider services) =>
    [
        .. services.GetRequiredService<KeyOperations>().Routes(),
        .. services.GetRequiredService<PolicyOperations>().Routes(),
        .. services.GetRequiredService<PortalOperations>().Routes(),
        .. services.GetRequiredService<OrganizationOperations>().Routes(),
        .. services.GetRequiredService<ReloadOperations>().Routes(),
        new TykRoute("/tyk/{**rest}", Dialect.Gateway),
    ];
}
