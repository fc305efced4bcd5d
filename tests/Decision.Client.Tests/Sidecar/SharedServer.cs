using Decision.Client.Tests.Sidecar;

[assembly: AssemblyFixture(typeof(SharedServer))]

namespace Decision.Client.Tests.Sidecar;

/// <summary>One server for all tests that leave it running; each has keys of its own.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal DecisionServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await DecisionServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
