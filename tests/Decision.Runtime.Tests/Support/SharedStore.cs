using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Runtime.Tests.Support;

/// <summary>One store for several <see cref="TestRuntime"/>s, as a server behind a network is: it compares keys, and can be down.</summary>
internal sealed class SharedStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private SharedStore(ServiceProvider services, FakeTimeProvider time) => (_services, Time) = (services, time);

    public FakeTimeProvider Time { get; }

    public IKeyStore Keys => _services.GetRequiredService<IKeyStore>();

    public ICounterStore Counters => _services.GetRequiredService<ICounterStore>();

    /// <summary>Fails every call of every replica.</summary>
    public bool IsDown { get; set; }

    public static async Task<SharedStore> OpenAsync()
    {
        FakeTimeProvider time = new(TestRuntime.Start);
        ServiceCollection services = new();
        services.AddSingleton<TimeProvider>(time);
        services.AddSingleton<LogBook>();
        services.AddSingleton(typeof(ILogger<>), typeof(RecordingLogger<>));
        services.AddEmbeddedStorage(options => options.Path = ":memory:");
        SharedStore store = new(services.BuildServiceProvider(), time);
        foreach (IHostedLifecycleService service in store.Services())
        {
            await service.StartingAsync(CancellationToken.None);
        }

        return store;
    }

    /// <summary>What one replica sees of it.</summary>
    public void AddTo(IServiceCollection services)
    {
        services.AddSingleton<IKeyStore>(new KeyView(this));
        services.AddSingleton<ICounterStore>(new CounterView(this));
        services.AddSingleton(_services.GetRequiredService<IDocumentStore>());
        services.AddLocalCounters();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IHostedLifecycleService service in Services())
        {
            await service.StoppedAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
    }

    private IEnumerable<IHostedLifecycleService> Services() => _services.GetServices<IHostedService>().OfType<IHostedLifecycleService>();

    // As behind a network: what fails does so after the call has returned.
    private async ValueTask<T> AskAsync<T>(Func<ValueTask<T>> ask)
    {
        await Task.Yield();
        return IsDown ? throw new StoreException("The shared store does not answer.") : await ask();
    }

    private sealed class CounterView(SharedStore shared) : ICounterStore
    {
        public bool ComparesKeys => true;

        public ValueTask<SpendResult> SpendAsync(in Spending spending, CancellationToken cancellation)
        {
            Spending copy = spending;
            return shared.AskAsync(async () =>
                copy.KeyId is { } id && (await shared.Keys.FindAsync(id, cancellation))?.Version != copy.KeyVersion
                    ? new SpendResult(SpendStatus.KeyChanged, default)
                    : await shared.Counters.SpendAsync(in copy, cancellation));
        }

        public ValueTask<IReadOnlyList<CounterReading>> ReadAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Counters.ReadAsync(charges, cancellation));

        public ValueTask<IReadOnlyList<CounterReading>> ResetAsync(IReadOnlyList<Charge> charges, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Counters.ResetAsync(charges, cancellation));

        public ValueTask<CounterReading> AdjustAsync(Charge quota, long delta, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Counters.AdjustAsync(quota, delta, cancellation));

        public async ValueTask DeleteSubjectAsync(Subject subject, CancellationToken cancellation) =>
            await shared.AskAsync(async () =>
            {
                await shared.Counters.DeleteSubjectAsync(subject, cancellation);
                return true;
            });
    }

    private sealed class KeyView(SharedStore shared) : IKeyStore
    {
        public ValueTask<KeyRecord?> FindAsync(string keyId, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.FindAsync(keyId, cancellation));

        public ValueTask<string?> FindIdByHashAsync(string hash, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.FindIdByHashAsync(hash, cancellation));

        public ValueTask<bool> CreateAsync(KeyRecord record, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.CreateAsync(record, cancellation));

        public ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.ReplaceAsync(record, expectedVersion, cancellation));

        public ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.DeleteAsync(keyId, expectedVersion, cancellation));

        public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.ListAsync(filter, afterId, size, cancellation));

        public ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.CountAsync(filter, cancellation));

        public ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.CountUsingAsync(policyIds, cancellation));
    }
}
