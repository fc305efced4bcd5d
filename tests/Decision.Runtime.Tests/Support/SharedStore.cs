using System.Collections.Concurrent;
using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Runtime.Tests.Support;

/// <summary>
/// One store for several <see cref="TestRuntime"/>s, as a server behind a network is: it compares keys, tells of changes, and can be down.
/// </summary>
internal sealed class SharedStore : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ConcurrentDictionary<SharedFeed, bool> _feeds = new();
    private int _loads;

    private SharedStore(ServiceProvider services, FakeTimeProvider time) => (_services, Time) = (services, time);

    public FakeTimeProvider Time { get; }

    public IKeyStore Keys => _services.GetRequiredService<IKeyStore>();

    public ICounterStore Counters => _services.GetRequiredService<ICounterStore>();

    public IAuditStore Audit => _services.GetRequiredService<IAuditStore>();

    public IDocumentStore Documents => _services.GetRequiredService<IDocumentStore>();

    /// <summary>Fails every call of every replica.</summary>
    public bool IsDown { get; set; }

    /// <summary>Fails every call that is about documents.</summary>
    public bool AreDocumentsDown { get; set; }

    /// <summary>Fails the calls of the audit log that are named here: <c>begin</c>, <c>append</c>.</summary>
    public HashSet<string> AuditDown { get; } = new(StringComparer.Ordinal);

    /// <summary>False = it tells of no changes, as a store of one process.</summary>
    public bool HasFeed { get; set; } = true;

    /// <summary>How often all policies were read.</summary>
    public int Loads => Volatile.Read(ref _loads);

    /// <summary>Awaited when all policies were read, before they are handed over.</summary>
    public Func<Task>? AfterLoad { get; set; }

    /// <summary>The most documents that are written together.</summary>
    public int MostWrites { get; set; } = 100;

    /// <summary>Awaited before documents are written together.</summary>
    public Func<Task>? BeforeWriteAll { get; set; }

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
        services.AddSingleton<IDocumentStore>(new DocumentView(this));
        services.AddSingleton<IAuditStore>(new AuditView(this));
        services.AddLocalCounters();
        if (!HasFeed)
        {
            return;
        }

        SharedFeed feed = new();
        _feeds[feed] = true;
        services.AddSingleton(feed);
        services.AddSingleton<IChangeFeed>(feed);
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
        return IsDown ? throw Down : await ask();
    }

    private static StoreException Down => new("The shared store does not answer.");

    private ValueTask<T> AskDocumentsAsync<T>(Func<ValueTask<T>> ask) => AskAsync(() => AreDocumentsDown ? throw Down : ask());

    // Each write is pushed to every replica, the writer too.
    private async ValueTask<bool> WriteAsync(Func<ValueTask<bool>> write, Action<IChangeListener> push)
    {
        if (!await AskAsync(write))
        {
            return false;
        }

        Push(push);
        return true;
    }

    private void Push(Action<IChangeListener> push)
    {
        foreach (SharedFeed feed in _feeds.Keys)
        {
            feed.Push(push);
        }
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
            shared.WriteAsync(() => shared.Keys.CreateAsync(record, cancellation), to => to.KeyChanged(record.Key.Id));

        public ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation) =>
            shared.WriteAsync(() => shared.Keys.ReplaceAsync(record, expectedVersion, cancellation), to => to.KeyChanged(record.Key.Id));

        public ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation) =>
            shared.WriteAsync(() => shared.Keys.DeleteAsync(keyId, expectedVersion, cancellation), to => to.KeyChanged(keyId));

        public ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.ListAsync(filter, afterId, size, cancellation));

        public ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.CountAsync(filter, cancellation));

        public ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Keys.CountUsingAsync(policyIds, cancellation));
    }

    private sealed class AuditView(SharedStore shared) : IAuditStore
    {
        public bool IsShared => true;

        public async ValueTask BeginAsync(BegunAct act, CancellationToken cancellation) =>
            await AskAsync(() => shared.AuditDown.Contains("begin") ? throw Down : shared.Audit.BeginAsync(act, cancellation));

        public async ValueTask DropAsync(string actId, CancellationToken cancellation) =>
            await AskAsync(() => shared.Audit.DropAsync(actId, cancellation));

        public ValueTask<IReadOnlyList<BegunAct>> BegunAsync(long beforeUs, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Audit.BegunAsync(beforeUs, cancellation));

        public ValueTask<AuditHead> HeadAsync(CancellationToken cancellation) => shared.AskAsync(() => shared.Audit.HeadAsync(cancellation));

        public ValueTask<bool> AppendAsync(AuditHead end, IReadOnlyList<AuditRecord> records, string actId, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.AuditDown.Contains("append") ? throw Down : shared.Audit.AppendAsync(end, records, actId, cancellation));

        public ValueTask<AuditHead> AnchorAsync(CancellationToken cancellation) => shared.AskAsync(() => shared.Audit.AnchorAsync(cancellation));

        public ValueTask<IReadOnlyList<AuditRecord>> ReadBackAsync(long before, int size, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Audit.ReadBackAsync(before, size, cancellation));

        public ValueTask<IReadOnlyList<AuditRecord>> ReadAsync(long after, int size, CancellationToken cancellation) =>
            shared.AskAsync(() => shared.Audit.ReadAsync(after, size, cancellation));

        public async ValueTask PruneAsync(AuditHead last, CancellationToken cancellation) =>
            await AskAsync(() => shared.Audit.PruneAsync(last, cancellation));

        private ValueTask<bool> AskAsync(Func<ValueTask> ask) => shared.AskAsync(async () =>
        {
            await ask();
            return true;
        });
    }

    private sealed class DocumentView(SharedStore shared) : IDocumentStore
    {
        public int MostWrites => shared.MostWrites;

        public ValueTask<IReadOnlyList<Document>> LoadAsync(DocumentKind kind, CancellationToken cancellation) => shared.AskDocumentsAsync(async () =>
        {
            IReadOnlyList<Document> documents = await shared.Documents.LoadAsync(kind, cancellation);
            if (kind == DocumentKind.Policy)
            {
                Interlocked.Increment(ref shared._loads);
                await (shared.AfterLoad?.Invoke() ?? Task.CompletedTask);
            }

            return documents;
        });

        public ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellation) =>
            shared.AskDocumentsAsync(() => shared.Documents.FindAsync(kind, id, cancellation));

        public ValueTask<bool> PutAsync(Document next, string? expectedEtag, string change, CancellationToken cancellation) =>
            shared.WriteAsync(() => shared.AreDocumentsDown ? throw Down : shared.Documents.PutAsync(next, expectedEtag, change, cancellation), to => Push(next.Kind, to));

        public ValueTask<bool> DeleteAsync(
            DocumentKind kind, string id, string expectedEtag, long changedAtUs, CancellationToken cancellation) =>
            shared.WriteAsync(() => shared.AreDocumentsDown ? throw Down : shared.Documents.DeleteAsync(kind, id, expectedEtag, changedAtUs, cancellation), to => Push(kind, to));

        public async ValueTask<IReadOnlyList<long>?> WriteAllAsync(
            IReadOnlyList<DocumentWrite> writes, long changedAtUs, CancellationToken cancellation)
        {
            await (shared.BeforeWriteAll?.Invoke() ?? Task.CompletedTask);
            IReadOnlyList<long>? numbers = await shared.AskDocumentsAsync(() => shared.Documents.WriteAllAsync(writes, changedAtUs, cancellation));
            if (numbers is not null)
            {
                shared.Push(to => to.DocumentsChanged());
            }

            return numbers;
        }

        public ValueTask<long> RevisionAsync(CancellationToken cancellation) => shared.AskDocumentsAsync(() => shared.Documents.RevisionAsync(cancellation));

        public ValueTask<IReadOnlyList<DocumentRevision>> RevisionsAsync(
            DocumentKind kind, string id, long before, int size, CancellationToken cancellation) =>
            shared.AskDocumentsAsync(() => shared.Documents.RevisionsAsync(kind, id, before, size, cancellation));

        private static void Push(DocumentKind kind, IChangeListener to)
        {
            if (kind != DocumentKind.FileLayer)
            {
                to.DocumentsChanged();
            }
        }
    }
}
