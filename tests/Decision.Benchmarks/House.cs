using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Hosting;
using Decision.Runtime.Metrics;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Hosting;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace Decision.Benchmarks;

/// <summary>The runtime on a store, put together as the server does it, saves and metrics included, but without a network.</summary>
internal sealed class House : IAsyncDisposable
{
    public const string InMemory = ":memory:";

    private readonly IHost _host;
    private readonly MeterProvider _meters;
    private readonly string? _folder;

    private House(IHost host, string? folder)
    {
        _host = host;
        _folder = folder;
        _meters = Sdk.CreateMeterProviderBuilder()
            .AddMeter(DecisionMetrics.MeterName)
            .AddReader(new BaseExportingMetricReader(new NowhereExporter()))
            .Build();
    }

    public DecisionRuntime Decisions => _host.Services.GetRequiredService<DecisionRuntime>();

    public ICounterStore Counters => _host.Services.GetRequiredService<ICounterStore>();

    /// <summary>Any other part of it.</summary>
    public T Service<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    /// <summary>Opens an empty one, in memory or in a file of a new folder that goes with it.</summary>
    public static Task<House> OpenAsync(string kind)
    {
        string? folder = kind == InMemory ? null : Directory.CreateTempSubdirectory("decision-benchmarks-").FullName;
        return OpenAsync(folder is null ? InMemory : Path.Combine(folder, "decision.db"), folder);
    }

    /// <summary>Opens the database of that path.</summary>
    public static Task<House> OpenAsync(string path, string? folder, int cachedKeys = 100_000) =>
        OpenAsync(services => services.AddEmbeddedStorage(options => options.Path = path), folder, cachedKeys);

    /// <summary>Opens what a Redis has.</summary>
    /// <param name="configuration">Its addresses, as <c>Redis:Configuration</c>.</param>
    public static Task<House> OpenRedisAsync(string configuration, int cachedKeys = 100_000) =>
        OpenAsync(services => services.AddRedisStorage(options => SetUp(options, configuration)), folder: null, cachedKeys);

    // A busy machine makes a figure worse; it does not end the run.
    private static void SetUp(RedisStorageOptions options, string configuration)
    {
        options.Configuration = configuration;
        options.Timeout = TimeSpan.FromSeconds(5);
        options.AdminTimeout = TimeSpan.FromMinutes(1);
    }

    private static async Task<House> OpenAsync(Action<IServiceCollection> addStorage, string? folder, int cachedKeys)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.ClearProviders();
        builder.Services.AddDecisionRuntime(options => (options.SecretsKey, options.CachedKeys) = (new byte[32], cachedKeys));
        addStorage(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return new House(host, folder);
    }

    /// <summary>Adds policies and a key that has them all.</summary>
    /// <returns>The key's text.</returns>
    public async Task<string> AddKeyAsync(IEnumerable<Policy> policies, string customKey = "")
    {
        var administration = _host.Services.GetRequiredService<PolicyAdministration>();
        foreach (var policy in policies)
        {
            await administration.CreateAsync(policy, CancellationToken.None);
        }

        var keys = _host.Services.GetRequiredService<KeyAdministration>();
        var created = await keys.CreateAsync(Samples.Key(policies), customKey, allowsUnknownPolicies: false, CancellationToken.None);
        return created.ApiKey;
    }

    public async ValueTask DisposeAsync()
    {
        _meters.Dispose();
        await _host.StopAsync();
        _host.Dispose();
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>Makes the SDK record as it does for the server's exporter.</summary>
    private sealed class NowhereExporter : BaseExporter<Metric>
    {
        public override ExportResult Export(in Batch<Metric> batch) => ExportResult.Success;
    }
}
