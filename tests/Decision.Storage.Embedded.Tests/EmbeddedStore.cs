using Decision.Engine.Charges;
using Decision.Storage.Embedded.Audit;
using Decision.Storage.Embedded.Counters;
using Decision.Storage.Embedded.Documents;
using Decision.Storage.Embedded.Keys;
using Decision.Storage.Embedded.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

/// <summary>An open embedded store of a test, without timers.</summary>
internal sealed class EmbeddedStore : IDisposable
{
    public EmbeddedStore(string path, FakeTimeProvider? time = null)
    {
        Time = time ?? new FakeTimeProvider(new DateTimeOffset(2026, 11, 2, 12, 0, 0, TimeSpan.Zero));
        Database = new SqliteDatabase(path);
        Database.Open();
        CounterRows rows = new(Database);
        Counters = new EmbeddedCounterStore(rows, new CounterLog(Database), Time, NullLogger<EmbeddedCounterStore>.Instance);
        Counters.Restore();
        Transfer = new EmbeddedCounterTransfer(Counters, rows);
        Keys = new EmbeddedKeyStore(Database);
        Documents = new EmbeddedDocumentStore(Database);
        Audit = new EmbeddedAuditStore(Database);
    }

    public FakeTimeProvider Time { get; }

    public SqliteDatabase Database { get; }

    public EmbeddedCounterStore Counters { get; }

    public EmbeddedCounterTransfer Transfer { get; }

    public EmbeddedKeyStore Keys { get; }

    public EmbeddedDocumentStore Documents { get; }

    public EmbeddedAuditStore Audit { get; }

    public CounterKeeper Keeper => Counters.Keeper;

    /// <summary>Closes without saving, as the end of a process that was killed.</summary>
    public void Dispose() => Database.Dispose();

    public async Task StopAsync()
    {
        Assert.True(await Keeper.SaveAllAsync(CancellationToken.None));
        Dispose();
    }

    /// <summary>Spends one unit on each, one after the other or together as far as a decision can.</summary>
    public async Task SpendAsync(params Charge[] charges)
    {
        foreach (Charge[] some in charges.Chunk(4))
        {
            await Counters.SpendAsync(Spend(some), CancellationToken.None);
        }
    }

    /// <summary>What each has recorded.</summary>
    public async Task<IEnumerable<long>> UsedAsync(params Charge[] charges) =>
        [.. (await Counters.ReadAsync(charges, CancellationToken.None)).Select(reading => reading.Used)];

    /// <summary>Rows of a table.</summary>
    public long Count(string table) => (long)Database.Read(session => session.Scalar("SELECT COUNT(*) FROM " + table))!;
}
