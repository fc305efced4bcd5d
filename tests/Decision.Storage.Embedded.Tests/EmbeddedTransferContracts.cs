using Decision.Runtime.Stores;
using Decision.Storage.Embedded.Counters;
using Decision.TestKit;

namespace Decision.Storage.Embedded.Tests;

public sealed class EmbeddedCounterTransferTests : CounterTransferContract
{
    private readonly List<(TemporaryFolder Folder, EmbeddedStore Store)> _opened = [];

    protected override ValueTask<(ICounterStore Counters, ICounterTransfer Transfer)> OpenAsync()
    {
        TemporaryFolder folder = new();
        EmbeddedStore store = new(folder.Database, Time);
        _opened.Add((folder, store));
        return new((store.Counters, store.Transfer));
    }

    protected override ValueTask CloseAsync()
    {
        foreach ((TemporaryFolder folder, EmbeddedStore store) in _opened)
        {
            store.Dispose();
            folder.Dispose();
        }

        return default;
    }
}

public sealed class EmbeddedCounterTransferInMemoryTests : CounterTransferContract
{
    private readonly List<EmbeddedStore> _opened = [];

    protected override ValueTask<(ICounterStore Counters, ICounterTransfer Transfer)> OpenAsync()
    {
        EmbeddedStore store = new(":memory:", Time);
        _opened.Add(store);
        return new((store.Counters, store.Transfer));
    }

    protected override ValueTask CloseAsync()
    {
        _opened.ForEach(store => store.Dispose());
        return default;
    }
}

public sealed class EmbeddedDocumentHistoryTests : DocumentHistoryContract
{
    private readonly TemporaryFolder _folder = new();
    private EmbeddedStore? _store;

    protected override ValueTask<(IDocumentStore Documents, IDocumentHistory History)> OpenAsync()
    {
        _store = new EmbeddedStore(_folder.Database);
        return new((_store.Documents, _store.Documents));
    }

    protected override ValueTask CloseAsync()
    {
        _store!.Dispose();
        _folder.Dispose();
        return default;
    }
}
