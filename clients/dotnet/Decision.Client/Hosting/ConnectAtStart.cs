using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Decision.Client.Hosting;

/// <summary>Connects before the program serves: the first request does not pay for it.</summary>
/// <param name="services">Where the client comes from, once all settings of the program are known to be right.</param>
internal sealed class ConnectAtStart(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => services.GetRequiredService<DecisionClient>().ConnectAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
