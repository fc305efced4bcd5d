using System.Diagnostics.Metrics;
using Decision.Engine.Grants;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Files;
using Decision.Runtime.Hosting;
using Decision.Runtime.Metrics;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Runtime.Tests.Files;

/// <summary>The runtime with its real store and real files, but without a network.</summary>
internal sealed class FileServer : IAsyncDisposable
{
    // Only so that a test that waits in vain ends; nothing is measured.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ServiceProvider _services;
    private readonly IHostedLifecycleService[] _early;
    private readonly IHostedService[] _hosted;
    private readonly SemaphoreSlim _looks = new(0);
    private bool _isRunning;

    public FileServer(Action<RuntimeOptions> configure, string database = ":memory:")
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddLogging(logging => logging.AddProvider(Log));
        services.AddDecisionRuntime(configure);
        services.AddFileLayer();
        services.AddEmbeddedStorage(storage => storage.Path = database);
        _services = services.BuildServiceProvider();
        _hosted = [.. _services.GetServices<IHostedService>()];
        _early = [.. _hosted.OfType<IHostedLifecycleService>()];
        Layer.Looked += _ => _looks.Release();
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));

    public LogLines Log { get; } = new();

    public FileLayer Layer => _services.GetRequiredService<FileLayer>();

    public Catalog Catalog => _services.GetRequiredService<Catalog>();

    public IDocumentStore Documents => _services.GetRequiredService<IDocumentStore>();

    public IKeyStore Keys => _services.GetRequiredService<IKeyStore>();

    public IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public string? Problem => _services.GetServices<IStatusPart>().Single(part => part.Name == "files").Problem;

    public string[] PolicyIds => [.. Catalog.Rules.Policies.Entries.Select(entry => entry.Policy.Id).Order(StringComparer.Ordinal)];

    public PolicyEntry Policy(string id) => Catalog.Rules.Policies.Find(id) ?? throw new InvalidOperationException($"There is no policy {id}.");

    public double Rate(string id) => Policy(id).Policy.Limits.Rate.Rate;

    public static async Task<FileServer> StartAsync(Action<RuntimeOptions> configure, string database = ":memory:")
    {
        var server = new FileServer(configure, database);
        try
        {
            await server.StartAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async Task StartAsync()
    {
        await OpenStoreAsync();
        await StartHostedAsync();
    }

    /// <summary>What the host does after the store is open.</summary>
    public async Task StartHostedAsync()
    {
        foreach (var service in _hosted)
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    /// <summary>Opens the store alone, as the host does before anything else.</summary>
    public async Task OpenStoreAsync()
    {
        _isRunning = true;
        foreach (var service in _early)
        {
            await service.StartingAsync(CancellationToken.None);
        }
    }

    /// <summary>Starts the watch without the order of the host, for a store that is not open.</summary>
    public async Task StartFilesAsync()
    {
        await Layer.StartAsync(CancellationToken.None);
        _services.GetRequiredService<FileWatch>().Start();
    }

    public async Task StopFilesAsync() => await _services.GetRequiredService<FileWatch>().StopAsync();

    /// <summary>Closes the store under the running layer.</summary>
    public async Task CloseStoreAsync()
    {
        _isRunning = false;
        foreach (var service in _early)
        {
            await service.StoppedAsync(CancellationToken.None);
        }
    }

    /// <summary>Waits until a look has led to the state; each wait has the clock reach the next poll.</summary>
    public async Task UntilAsync(Func<bool> isReached)
    {
        while (!isReached())
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Assert.True(await _looks.WaitAsync(Patience), "No look at the files came.");
        }
    }

    /// <summary>Has the layer look, whole looks, from now on.</summary>
    public async Task LookAsync(int times)
    {
        for (int time = 0; time < times; time++)
        {
            await Layer.LookAsync(trustsStamps: true, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in _hosted)
        {
            await service.StopAsync(CancellationToken.None);
        }

        if (_isRunning)
        {
            await CloseStoreAsync();
        }

        await _services.DisposeAsync();
        _looks.Dispose();
    }
}
