using Microsoft.Extensions.Hosting;

namespace Decision.Client.Hosting;

/// <summary>Connects before the program serves: the first request does not pay for it.</summary>
internal sealed class ConnectAtStart(DecisionClient client) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) => client.ConnectAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
