using Decision.Runtime.Stores;
using Decision.TestKit;

namespace Decision.Storage.Embedded.Tests;

public sealed class EmbeddedCounterStoreTests : CounterStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore? _store;

    protected override ValueTask<ICounterStore> OpenAsync()
    {
        _store = new EmbeddedStore(_folder.Database, Time);
        return new(_store.Counters);
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        _folder.Dispose();
        return default;
    }

    // Saves, carries what is saved into the table, and sweeps so eagerly that quotas leave as soon as they are there.
    protected override async ValueTask BetweenStepsAsync(int step)
    {
        if (step % 7 == 0)
        {
            Assert.True(await _store!.Keeper.SaveAsync(CancellationToken.None));
        }

        if (step % 11 == 0)
        {
            Assert.True(await _store!.Keeper.MergeAsync(CancellationToken.None));
            await _store!.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }
}

public sealed class EmbeddedCounterStoreInMemoryTests : CounterStoreContract
{
    private EmbeddedStore? _store;

    protected override ValueTask<ICounterStore> OpenAsync()
    {
        _store = new EmbeddedStore(":memory:", Time);
        return new(_store.Counters);
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        return default;
    }

    protected override async ValueTask BetweenStepsAsync(int step)
    {
        if (step % 11 == 0)
        {
            Assert.True(await _store!.Keeper.SaveAsync(CancellationToken.None));
            await _store!.Keeper.SweepAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }
}

public sealed class EmbeddedKeyStoreTests : KeyStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore? _store;

    protected override ValueTask<IKeyStore> OpenAsync()
    {
        _store = new EmbeddedStore(_folder.Database);
        return new(_store.Keys);
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        _folder.Dispose();
        return default;
    }
}

public sealed class EmbeddedKeyStoreInMemoryTests : KeyStoreContract
{
    private EmbeddedStore? _store;

    protected override ValueTask<IKeyStore> OpenAsync()
    {
        _store = new EmbeddedStore(":memory:");
        return new(_store.Keys);
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        return default;
    }
}

public sealed class EmbeddedDocumentStoreTests : DocumentStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore? _store;

    protected override ValueTask<IDocumentStore> OpenAsync()
    {
        _store = new EmbeddedStore(_folder.Database);
        return new(_store.Documents);
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        _folder.Dispose();
        return default;
    }
}

public sealed class EmbeddedDocumentStoreInMemoryTests : DocumentStoreContract
{
    private EmbeddedStore? _store;

    protected override ValueTask<IDocumentStore> OpenAsync()
    {
        _store = new EmbeddedStore(":memory:");
        return new(_store.Documents);
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        return default;
    }
}

public sealed class EmbeddedAuditStoreTests : AuditStoreContract
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore? _store;

    protected override ValueTask<IAuditStore> OpenAsync()
    {
        _store = new EmbeddedStore(_folder.Database);
        return new(_store.Audit);
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        _folder.Dispose();
        return default;
    }
}

public sealed class EmbeddedAuditStoreInMemoryTests : AuditStoreContract
{
    private EmbeddedStore? _store;

    protected override ValueTask<IAuditStore> OpenAsync()
    {
        _store = new EmbeddedStore(":memory:");
        return new(_store.Audit);
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        return default;
    }
}
