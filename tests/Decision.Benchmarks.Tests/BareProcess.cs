using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Decision.Benchmarks.Load.Driving;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Tests;

/// <summary>The bare server as eng/load.sh starts it.</summary>
internal sealed class BareProcess : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly int _httpPort;
    private readonly ChildProcess _process;

    private BareProcess(int grpcPort, int httpPort)
    {
        (Grpc, _httpPort) = ($"127.0.0.1:{grpcPort}", httpPort);
        string[] ports = [.. ((int[])[grpcPort, httpPort]).Select(port => port.ToString(CultureInfo.InvariantCulture))];
        _process = ChildProcess.Start("bare", "dotnet", [Path.Combine(AppContext.BaseDirectory, "Decision.Benchmarks.dll"), "bare", .. ports]);
    }

    /// <summary>Where gRPC is served.</summary>
    public string Grpc { get; }

    public static async Task<BareProcess> StartAsync()
    {
        var (grpc, http) = (FreePort(), FreePort());
        var bare = new BareProcess(grpc, http);
        await bare._process.ListensAsync(grpc, CancellationToken.None);
        await bare._process.ListensAsync(http, CancellationToken.None);
        return bare;
    }

    /// <summary>What it says of itself.</summary>
    public ServerCounters Counters() => new(_http, $"127.0.0.1:{_httpPort}");

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>A port that nobody has now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
