using Decision.Cli.Tests.Support;

[assembly: AssemblyFixture(typeof(LiveServer))]

namespace Decision.Cli.Tests.Support;

/// <summary>
/// The real server with the demo's policies, one for all tests. Tests share its store: take ids of your own (<see cref="TestNames"/>),
/// and count nothing that others may add to.
/// </summary>
public sealed class LiveServer : IAsyncLifetime
{
    public const string Secret = "a-secret-for-tests-only";
    private readonly string _folder = Directory.CreateTempSubdirectory("decisionctl-").FullName;
    private DemoServer? _server;

    /// <summary>As <c>--address</c> takes it.</summary>
    public string Address => "http://" + _server?.Grpc;

    /// <summary>The HTTP address.</summary>
    public string HttpAddress => "http://" + _server?.Http;

    /// <summary>The folder with the demo's files.</summary>
    public string DemoFolder => Path.Combine(_folder, "demo");

    /// <summary>What it has printed.</summary>
    public string Output => _server?.Output ?? "";

    public async ValueTask InitializeAsync() => _server = await DemoServer.StartAsync(_folder, $"--Admin:Secret={Secret}");

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
