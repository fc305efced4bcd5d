using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Balancer;
using Grpc.Net.Client.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Server.Tests.Redis;

/// <summary>A client of several servers, as docs/redis-promises.md recommends it: every server is used, and what a stopping one did not take is asked elsewhere.</summary>
internal sealed class BalancedClient : IDisposable
{
    private readonly ServiceProvider _services;
    private readonly GrpcChannel _channel;

    /// <param name="addresses">Host and port of each server.</param>
    public BalancedClient(params string[] addresses)
    {
        _services = new ServiceCollection()
            .AddSingleton<ResolverFactory>(new StaticResolverFactory(_ => [.. addresses.Select(address => new BalancerAddress(address.Split(':')[0], int.Parse(address.Split(':')[1], null)))]))
            .BuildServiceProvider();
        _channel = GrpcChannel.ForAddress("static:///decision", new GrpcChannelOptions
        {
            Credentials = ChannelCredentials.Insecure,
            ServiceProvider = _services,
            ServiceConfig = new ServiceConfig
            {
                LoadBalancingConfigs = { new RoundRobinConfig() },
                MethodConfigs =
                {
                    new MethodConfig
                    {
                        Names = { new MethodName { Service = AuthorizeService.Descriptor.FullName } },
                        RetryPolicy = new RetryPolicy
                        {
                            MaxAttempts = 4,
                            InitialBackoff = TimeSpan.FromMilliseconds(20),
                            MaxBackoff = TimeSpan.FromMilliseconds(200),
                            BackoffMultiplier = 2,
                            RetryableStatusCodes = { StatusCode.Unavailable },
                        },
                    },
                },
            },
            MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
        });
    }

    public async Task<AuthorizeResponse> AskAsync(AuthorizeRequest request) => await new AuthorizeService.AuthorizeServiceClient(_channel).AuthorizeAsync(request);

    public void Dispose()
    {
        _channel.Dispose();
        _services.Dispose();
    }
}
