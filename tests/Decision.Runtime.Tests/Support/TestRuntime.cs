using System.Diagnostics.Metrics;
using System.Threading.Channels;
using Decision.Engine;
using Decision.Engine.Keys;
using Decision.Engine.Policies;
using Decision.Runtime.Administration;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Decisions;
using Decision.Runtime.Hosting;
using Decision.Runtime.Keys;
using Decision.Runtime.Metrics;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Runtime.Tests.Support;

/// <summary>The runtime as a server has it: the embedded store, started, with a clock that only the test moves.</summary>
internal sealed class TestRuntime : IAsyncDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider _services;
    private bool _isStopped;

    private TestRuntime(ServiceProvider services, FakeTimeProvider time)
    {
        _services = services;
        Time = time;
        Log = services.GetRequiredService<LogBook>();
        Runtime = services.GetRequiredService<DecisionRuntime>();
        Keys = services.GetRequiredService<KeyAdministration>();
        Policies = services.GetRequiredService<PolicyAdministration>();
        Apis = services.GetRequiredService<ApiAdministration>();
        Organizations = services.GetRequiredService<OrganizationAdministration>();
        Catalog = services.GetRequiredService<Catalog>();
        Records = services.GetRequiredService<KeyRecords>();
        Metrics = services.GetRequiredService<DecisionMetrics>();
        Meters = services.GetRequiredService<IMeterFactory>();
        KeyStore = (WatchedKeyStore)services.GetRequiredService<IKeyStore>();
        Counters = (WatchedCounterStore)services.GetRequiredService<ICounterStore>();
        FileStatus = services.GetServices<IStatusPart>().Single(part => part.Name == "files");
        Status = services.GetServices<IStatusPart>().Single(part => part.Name == "catalog");
        Follower = services.GetRequiredService<CatalogFollower>();
        Feed = services.GetService<SharedFeed>();
        ExpiredKeys = services.GetRequiredService<ExpiredKeySweep>();
    }

    public FakeTimeProvider Time { get; }

    public IServiceProvider Services => _services;

    public LogBook Log { get; }

    public DecisionRuntime Runtime { get; }

    public KeyAdministration Keys { get; }

    public PolicyAdministration Policies { get; }

    public ApiAdministration Apis { get; }

    public OrganizationAdministration Organizations { get; }

    public Catalog Catalog { get; }

    public KeyRecords Records { get; }

    public DecisionMetrics Metrics { get; }

    /// <summary>Makes the meters, and is the scope of each.</summary>
    public IMeterFactory Meters { get; }

    public WatchedKeyStore KeyStore { get; }

    public WatchedCounterStore Counters { get; }

    public ExpiredKeySweep ExpiredKeys { get; }

    public IStatusPart Status { get; }

    public IStatusPart FileStatus { get; }

    public CatalogFollower Follower { get; }

    /// <summary>What it hears of a shared store.</summary>
    public SharedFeed? Feed { get; }

    public long NowSeconds => Time.GetUtcNow().ToUnixTimeSeconds();

    public static async Task<TestRuntime> StartAsync(
        Action<RuntimeOptions>? configure = null, string path = ":memory:", DateTimeOffset? at = null, SharedStore? shared = null)
    {
        FakeTimeProvider time = shared?.Time ?? new(at ?? Start);
        ServiceCollection services = new();
        services.AddSingleton<LogBook>();
        services.AddSingleton(typeof(ILogger<>), typeof(RecordingLogger<>));
        services.AddSingleton<TimeProvider>(time);
        if (shared is not null)
        {
            shared.AddTo(services);
        }
        else
        {
            services.AddEmbeddedStorage(options => options.Path = path);
        }

        services.AddDecisionRuntime(options =>
        {
            options.SecretsKey = [.. Enumerable.Range(1, 32).Select(number => (byte)number)];
            configure?.Invoke(options);
        });
        Wrap<IKeyStore>(services, inner => new WatchedKeyStore(inner));
        Wrap<ICounterStore>(services, inner => new WatchedCounterStore(inner));
        ServiceProvider provider = services.BuildServiceProvider();
        foreach (IHostedLifecycleService service in provider.GetServices<IHostedService>().OfType<IHostedLifecycleService>())
        {
            await service.StartingAsync(CancellationToken.None);
        }

        foreach (IHostedService service in provider.GetServices<IHostedService>())
        {
            await service.StartAsync(CancellationToken.None);
        }

        return new TestRuntime(provider, time);
    }

    /// <summary>Stops gracefully, as a server does.</summary>
    public async Task StopAsync()
    {
        _isStopped = true;
        IHostedService[] hosted = [.. _services.GetServices<IHostedService>()];
        foreach (IHostedService service in hosted)
        {
            await service.StopAsync(CancellationToken.None);
        }

        foreach (IHostedLifecycleService service in hosted.OfType<IHostedLifecycleService>())
        {
            await service.StoppedAsync(CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isStopped)
        {
            await StopAsync();
        }

        await _services.DisposeAsync();
    }

    public async Task<CreatedKey> CreateKeyAsync(Key settings, string customKey = "") =>
        await Keys.CreateAsync(settings, customKey, allowsUnknownPolicies: false, CancellationToken.None);

    public async Task<Written<Policy>> CreateAsync(Policy policy) => await Policies.CreateAsync(policy, CancellationToken.None);

    /// <summary>A policy, and a key that has it alone.</summary>
    public async Task<CreatedKey> CreateKeyWithAsync(Policy policy)
    {
        await CreateAsync(policy);
        return await CreateKeyAsync(Sample.Key(policy.Id) with { OrganizationId = policy.OrganizationId });
    }

    public async Task<Written<Policy>> EditAsync(string policyId, Func<Policy, Policy> change) =>
        await Policies.UpdateAsync(policyId, change, "", CancellationToken.None);

    public async Task<UpdatedKey> UpdateAsync(CreatedKey key, Func<Key, Key> change, bool namesExpires = false, string etag = "") =>
        await Keys.UpdateAsync(key.Record.Key.Id, new KeyChange(change, namesExpires, etag), CancellationToken.None);

    public async Task<Verdict> AskAsync(DecisionCall call) => await Runtime.DecideAsync(in call, CancellationToken.None);

    public Task<Verdict> AskAsync(string apiKey, string api = Sample.Api, string path = "/1", string method = "GET") =>
        AskAsync(Sample.Call(apiKey, api, path, method));

    public Task<Verdict> AskAsync(CreatedKey key, string api = Sample.Api) => AskAsync(key.ApiKey, api);

    /// <summary>The reasons of that many requests, one after the other.</summary>
    public async Task<Reason[]> AskAsync(CreatedKey key, int times, string api = Sample.Api)
    {
        Reason[] reasons = new Reason[times];
        for (int index = 0; index < times; index++)
        {
            reasons[index] = (await AskAsync(key.ApiKey, api)).Reason;
        }

        return reasons;
    }

    /// <summary>Waits until a check that the follower makes, at each poll or told of a change, has led to the state.</summary>
    public async Task UntilAsync(Func<bool> isReached, bool polls = true)
    {
        // Not disposed of: a check may still be on its way to it.
        Channel<bool> checks = Channel.CreateUnbounded<bool>();
        void OnChecked(bool differs) => checks.Writer.TryWrite(differs);
        Follower.Checked += OnChecked;

        // Only so that a test that waits in vain ends; nothing is measured.
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        try
        {
            while (!isReached())
            {
                if (polls)
                {
                    Time.Advance(TimeSpan.FromMilliseconds(500));
                }

                await checks.Reader.ReadAsync(patience.Token);
                Assert.False(patience.IsCancellationRequested, "No check of the store led to the state.");
            }
        }
        finally
        {
            Follower.Checked -= OnChecked;
        }
    }

    /// <summary>What the key's counters hold: name, scope, used, remaining.</summary>
    public async Task<string[]> UsageAsync(CreatedKey key) =>
    [
        .. (await Keys.GetUsageAsync(key.Record.Key.Id, CancellationToken.None))
            .Select(reading => $"{reading.Charge.Name} {reading.Charge.Scope} {reading.Used}/{reading.Charge.Max}"),
    ];

    private static void Wrap<T>(ServiceCollection services, Func<T, T> wrap)
        where T : class
    {
        ServiceDescriptor real = services.Last(service => service.ServiceType == typeof(T));
        services.Remove(real);
        services.AddSingleton(provider => wrap(
            (T)(real.ImplementationInstance ?? real.ImplementationFactory?.Invoke(provider) ?? ActivatorUtilities.CreateInstance(provider, real.ImplementationType!))));
    }
}
