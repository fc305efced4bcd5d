using System.Globalization;
using Decision.Benchmarks.Load.Driving;
using Decision.Benchmarks.Load.Themes;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load.Servers;

/// <summary>The servers of a theme, with the same policies and keys in each store.</summary>
/// <param name="program">The published server.</param>
/// <param name="folder">For everything that they write.</param>
internal sealed class LoadServers(LoadOptions options, string program, string folder) : IAsyncDisposable
{
    private readonly HttpClient _http = new();
    private readonly Ports _ports = new(options.BasePort);
    private readonly Dictionary<string, DrivenServer> _servers = [];
    private readonly List<RedisProcess> _stores = [];

    /// <summary>What is asked about.</summary>
    public LoadWorld World { get; } = new(Path.Combine(folder, "decision.db"), folder);

    /// <summary>The Redis that is not a cluster.</summary>
    public RedisProcess? Redis { get; private set; }

    /// <summary>The server of a name.</summary>
    public DrivenServer this[string name] => _servers[name];

    /// <summary>Starts those that a theme needs.</summary>
    public async Task StartAsync(Theme theme, CancellationToken cancellation)
    {
        await World.MakeAsync();
        string[] embedded = [$"--Storage:Path={World.Database}", $"--Data:Path={FolderOf("export")}"];
        string export = Path.Combine(folder, "all.jsonl");
        bool hasStore = theme.Servers.Any(name => StoreOf(name) is not null);
        if (hasStore)
        {
            // By the way of any migration.
            await ChildProcess.RunAsync(program, ["export", export, .. embedded], cancellation);
        }

        if (theme.NumberedKeys > 0)
        {
            await World.AddNumberedAsync(theme.NumberedKeys);
        }

        var stores = new Dictionary<string, RedisProcess>();
        foreach (string store in theme.Servers.Select(StoreOf).OfType<string>().Distinct())
        {
            stores[store] = await StartStoreAsync(store, export, cancellation);
        }

        foreach (string name in theme.Servers)
        {
            var store = StoreOf(name) is { } kind ? stores[kind] : null;
            await StartServerAsync(name, store, theme.NumberedKeys, cancellation);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var server in _servers.Values)
        {
            await server.Process.DisposeAsync();
        }

        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        _http.Dispose();
    }

    private static string? StoreOf(string server) => server switch
    {
        ServerNames.Bare or ServerNames.Embedded or ServerNames.Unobserved or ServerNames.Observed => null,
        ServerNames.Cluster => ServerNames.Cluster,
        _ => ServerNames.Redis,
    };

    private static string[] On(RedisProcess store) =>
        ["--Storage:Kind=redis", $"--Redis:Configuration={store.Configuration}", "--Secrets:Key=only-for-this-measurement-of-load"];

    private async Task<RedisProcess> StartStoreAsync(string kind, string export, CancellationToken cancellation)
    {
        string place = Path.Combine(folder, "store-" + kind);
        var store = kind == ServerNames.Cluster
            ? await RedisProcess.StartClusterAsync(place, _ports, options.RedisArguments, cancellation)
            : await RedisProcess.StartAsync(place, _ports, options.RedisArguments, cancellation);
        _stores.Add(store);
        Redis ??= kind == ServerNames.Redis ? store : null;
        await ChildProcess.RunAsync(program, ["import", export, .. On(store), $"--Data:Path={FolderOf("import-" + kind)}"], cancellation);
        if (World.Tokens.Length > 0)
        {
            await World.AddNumberedAsync(store.Configuration, cancellation);
        }

        return store;
    }

    private async Task StartServerAsync(string name, RedisProcess? store, int numberedKeys, CancellationToken cancellation)
    {
        int grpc = await _ports.NextAsync(cancellation), http = await _ports.NextAsync(cancellation);
        string grpcAddress = AddressOf(grpc), httpAddress = AddressOf(http);
        string[] settings =
        [
            $"--Server:Grpc={grpcAddress}", $"--Server:Http={httpAddress}", $"--Data:Path={FolderOf(name)}",
            .. store is null ? [$"--Storage:Path={DatabaseOf(name)}"] : On(store),
            .. store is null ? [] : options.ServerArguments,
            .. name == ServerNames.Leased ? ["--Limits:Mode=leased"] : (string[])[],
            .. ObservationOf(name),
            // All of them stay in memory, as the document says.
            .. numberedKeys > 0 ? [string.Create(CultureInfo.InvariantCulture, $"--Cache:Keys={numberedKeys + 100_000}")] : (string[])[],
        ];
        var process = name == ServerNames.Bare
            ? ChildProcess.Start(name, Environment.ProcessPath!, ["bare", .. ((int[])[grpc, http]).Select(port => port.ToString(CultureInfo.InvariantCulture))])
            : ChildProcess.Start(name, program, settings);
        _servers[name] = new DrivenServer(process, grpcAddress, httpAddress, store, new ServerCounters(_http, httpAddress));
        await process.ListensAsync(grpc, cancellation);
        await process.ListensAsync(http, cancellation);
    }

    // Of each server on the embedded store its own, since a server has it for itself.
    private string DatabaseOf(string name)
    {
        if (name is not (ServerNames.Unobserved or ServerNames.Observed))
        {
            return World.Database;
        }

        string own = Path.Combine(FolderOf(name), "decision.db");
        File.Copy(World.Database, own);
        return own;
    }

    // Nobody listens where telemetry goes: what it costs to make it is in the figures, what it costs to send it is not.
    private string[] ObservationOf(string name) => name switch
    {
        ServerNames.Unobserved => ["--Observe:Refusals=false", "--Metrics:Apis=0"],
        ServerNames.Observed or ServerNames.RedisObserved =>
        [
            "--DecisionLog:Mode=sampled", "--DecisionLog:Output=file", $"--DecisionLog:File={Path.Combine(FolderOf(name), "decisions.log")}",
            "--Usage:Days=30", "--Events:QuotaThresholds=80,100", "--Telemetry:Endpoint=http://127.0.0.1:9",
        ],
        _ => [],
    };

    private static string AddressOf(int port) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}");

    private string FolderOf(string name) => Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
}
