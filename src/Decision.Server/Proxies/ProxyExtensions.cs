using Decision.Server.Grpc.Direct;
using Decision.Server.Proxies.Envoy;
using Decision.Server.Proxies.Envoy.Wire;
using Decision.Server.Proxies.ForwardAuth;
using Envoy.Service.Auth.V3;

namespace Decision.Server.Proxies;

/// <summary>The ways in for proxies: Envoy's protocols and forward auth.</summary>
internal static class ProxyExtensions
{
    public static IServiceCollection AddProxies(this IServiceCollection services, ForwardAuthSettings forwardAuth)
    {
        services.AddSingleton(forwardAuth);
        services.AddSingleton<ProxyDecisions>();
        services.AddSingleton<ForwardAuthEndpoint>();
        services.AddSingleton<CheckGrpcService>();
        services.AddSingleton<IDirectCall>(provider => new DirectCall<ReadCheckRequest>(
            $"/{Authorization.Descriptor.FullName}/{nameof(CheckGrpcService.Check)}",
            ReadCheckRequest.Of,
            provider.GetRequiredService<CheckGrpcService>().CheckAsync,
            provider.GetRequiredService<DirectCallOptions>()));
        services.AddSingleton<RateLimitGrpcService>();
        return services;
    }

    public static void MapProxies(this WebApplication app)
    {
        app.MapGrpcService<CheckGrpcService>();
        app.MapGrpcService<RateLimitGrpcService>();
        var forwardAuth = app.Services.GetRequiredService<ForwardAuthEndpoint>();
        app.Map("/forward-auth/{apiId?}", forwardAuth.InvokeAsync);
    }
}
