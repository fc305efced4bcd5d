using System.Collections.Concurrent;
using Decision.Runtime.Stores;

namespace Decision.Runtime.Tests.Support;

/// <summary>The real store, counted, and failing on demand.</summary>
internal sealed class WatchedKeyStore(IKeyStore inner) : IKeyStore
{
    private readonly ConcurrentQueue<string> _finds = new();
    private int _hashFinds;

    /// <summary>Ids that were asked for, in order.</summary>
    public IReadOnlyCollection<string> Finds => _finds;

    public int HashFinds => Volatile.Read(ref _hashFinds);

    /// <summary>Fails every read.</summary>
    public bool Fails { get; set; }

    /// <summary>Lets a write take place, and fails to say so.</summary>
    public bool LosesAnswers { get; set; }

    /// <summary>Runs before a record is read.</summary>
    public Action? BeforeFind { get; set; }

    /// <summary>Runs when a record was read, before it is handed over.</summary>
    public Action? AfterFind { get; set; }

    /// <summary>Runs when the keys of a policy were counted, before the number is handed over.</summary>
    public Action? AfterCount { get; set; }

    /// <summary>Runs when a page of records was read, before it is handed over.</summary>
    public Func<Task>? AfterList { get; set; }

    /// <summary>Runs before a record is added.</summary>
    public Action? BeforeCreate { get; set; }

    public async ValueTask<KeyRecord?> FindAsync(string keyId, CancellationToken cancellation)
    {
        _finds.Enqueue(keyId);
        BeforeFind?.Invoke();
        ThrowIfFailing();
        KeyRecord? record = await inner.FindAsync(keyId, cancellation);
        AfterFind?.Invoke();
        return record;
    }

    public ValueTask<string?> FindIdByHashAsync(string hash, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _hashFinds);
        ThrowIfFailing();
        return inner.FindIdByHashAsync(hash, cancellation);
    }

    public ValueTask<bool> CreateAsync(KeyRecord record, CancellationToken cancellation)
    {
        BeforeCreate?.Invoke();
        return Lose(inner.CreateAsync(record, cancellation));
    }

    public ValueTask<bool> ReplaceAsync(KeyRecord record, ulong expectedVersion, CancellationToken cancellation) =>
        Lose(inner.ReplaceAsync(record, expectedVersion, cancellation));

    public ValueTask<bool> DeleteAsync(string keyId, ulong expectedVersion, CancellationToken cancellation) =>
        Lose(inner.DeleteAsync(keyId, expectedVersion, cancellation));

    public async ValueTask<IReadOnlyList<KeyRecord>> ListAsync(KeyFilter filter, string afterId, int size, CancellationToken cancellation)
    {
        IReadOnlyList<KeyRecord> page = await inner.ListAsync(filter, afterId, size, cancellation);
        await (AfterList?.Invoke() ?? Task.CompletedTask);
        return page;
    }

    public ValueTask<long> CountAsync(KeyFilter filter, CancellationToken cancellation) => inner.CountAsync(filter, cancellation);

    public async ValueTask<long> CountUsingAsync(IReadOnlyCollection<string> policyIds, CancellationToken cancellation)
    {
        long count = await inner.CountUsingAsync(policyIds, cancellation);
        AfterCount?.Invoke();
        return count;
    }

    private async ValueTask<bool> Lose(ValueTask<bool> write)
    {
        bool result = await write;
        return LosesAnswers ? throw new StoreException("The answer was lost.") : result;
    }

    private void ThrowIfFailing()
    {
        if (Fails)
        {
            throw new StoreException("The keys do not answer.");
        }
    }
}
