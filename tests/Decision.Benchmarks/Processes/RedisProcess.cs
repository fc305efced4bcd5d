using System.Globalization;

namespace Decision.Benchmarks.Processes;

/// <summary>A redis-server, or several as one cluster, in folders of their own.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private const int Masters = 3;

    // A cluster's members need some seconds to agree; each look is a process of its own.
    private const int MostLooks = 2_000;

    private readonly List<ChildProcess> _servers = [];
    private readonly List<int> _ports = [];

    private RedisProcess()
    {
    }

    /// <summary>The servers.</summary>
    public IReadOnlyList<ChildProcess> Servers => _servers;

    /// <summary>Their addresses, as <c>Redis:Configuration</c>.</summary>
    public string Configuration => string.Join(',', _ports.Select(AddressOf));

    /// <summary>Starts one.</summary>
    /// <param name="folder">A folder for it, which is made.</param>
    /// <param name="arguments">Settings, as on the command line.</param>
    public static async Task<RedisProcess> StartAsync(string folder, Ports ports, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var redis = new RedisProcess();
        try
        {
            await redis.AddAsync(folder, ports, arguments, cancellation);
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a cluster of three masters, and waits until each of them takes commands.</summary>
    public static async Task<RedisProcess> StartClusterAsync(string folder, Ports ports, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        var redis = new RedisProcess();
        try
        {
            for (int number = 0; number < Masters; number++)
            {
                await redis.AddAsync(
                    $"{folder}-{number}", ports, [.. arguments, "--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf"], cancellation);
            }

            await redis.CommandAsync(0, cancellation, ["--cluster", "create", .. redis._ports.Select(AddressOf), "--cluster-yes"]);
            for (int number = 0; number < Masters; number++)
            {
                int looks = 0;
                while (!(await redis.CommandAsync(number, cancellation, "CLUSTER", "INFO")).Contains("cluster_state:ok", StringComparison.Ordinal))
                {
                    if (++looks == MostLooks)
                    {
                        throw new MeasureException("The three redis-servers did not become a cluster.");
                    }
                }
            }

            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs redis-cli on the first one.</summary>
    public Task<string> CommandAsync(CancellationToken cancellation, params string[] command) => CommandAsync(0, cancellation, command);

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            await server.DisposeAsync();
        }
    }

    private static string AddressOf(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private Task<string> CommandAsync(int server, CancellationToken cancellation, params string[] command) =>
        ChildProcess.RunAsync("redis-cli", ["-p", _ports[server].ToString(CultureInfo.InvariantCulture), .. command], cancellation);

    private async Task AddAsync(string folder, Ports ports, IReadOnlyList<string> arguments, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        int port = await ports.NextAsync(cancellation);
        string[] own = ["--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--dir", folder, "--save", ""];
        var server = ChildProcess.Start("redis-server", "redis-server", [.. own, .. arguments]);
        _servers.Add(server);
        _ports.Add(port);
        await server.ListensAsync(port, cancellation);
    }
}
