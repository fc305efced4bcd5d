using System.Buffers;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Embedded.Tests;

/// <summary>What an import and an export mean for the file and for the memory of the process.</summary>
public sealed class CounterTransferTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ImportAsync_is_on_the_disk_when_it_returns()
    {
        StoredCounter[] counters;
        using (EmbeddedStore store = new(_folder.Database))
        {
            counters = [await RateOfASecondAsync(store), Used("quota", 7)];
            Assert.Equal(new CounterImport(2, 0, 0), await store.Transfer.ImportAsync(counters, CancellationToken.None));
        }

        using EmbeddedStore killed = new(_folder.Database);

        Assert.Equal([3L, 7L], (await killed.Counters.ReadAsync(
            [Rate(Key("k"), "rate", 9, seconds: 1), Quota(Key("k"), "quota", 9)], CancellationToken.None)).Select(reading => reading.Used));
    }

    [Fact]
    public async Task ImportAsync_leaves_no_subject_in_memory_that_was_not_there()
    {
        using EmbeddedStore store = new(_folder.Database);
        await store.Counters.SpendAsync(Spend(Quota(Key("there"), "quota", 9)), CancellationToken.None);

        await store.Transfer.ImportAsync([Used("quota", 7, "there"), Used("quota", 7), Used("quota", 7, "other")], CancellationToken.None);

        Assert.Equal(["there"], store.Counters.Subjects.Keys.Select(subject => subject.Id));
        Assert.Equal([7L, 7], (await store.Counters.ReadAsync(
            [Quota(Key("k"), "quota", 9), Quota(Key("there"), "quota", 9)], CancellationToken.None)).Select(reading => reading.Used));
    }

    [Fact]
    public async Task ImportAsync_that_cannot_be_saved_throws_and_can_be_repeated()
    {
        using EmbeddedStore store = new(_folder.Database);
        store.Database.Write(session => session.Execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON counter_log BEGIN SELECT RAISE(ABORT, 'refused'); END"));
        await Assert.ThrowsAsync<StoreException>(
            async () => await store.Transfer.ImportAsync([Used("quota", 7)], CancellationToken.None));
        store.Database.Write(session => session.Execute("DROP TRIGGER refuse"));

        await store.Transfer.ImportAsync([Used("quota", 7)], CancellationToken.None);

        StoredCounter imported = await store.Transfer.ExportAsync(CancellationToken.None).SingleAsync();
        Assert.Equal(7, Parse(imported.State.ToArray()).Used);
    }

    [Theory]
    [InlineData("counters")]
    [InlineData("counter_log")]
    public async Task ExportAsync_that_cannot_save_first_throws(string table)
    {
        using EmbeddedStore store = new(_folder.Database);
        await store.Counters.SpendAsync(Spend(Quota(Key("k"), "quota", 9)), CancellationToken.None);
        store.Database.Write(session => session.Execute(
            $"CREATE TRIGGER refuse BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'refused'); END"));

        await Assert.ThrowsAsync<StoreException>(async () => await store.Transfer.ExportAsync(CancellationToken.None).AnyAsync());
    }

    [Fact]
    public async Task ExportAsync_gives_a_damaged_state_as_it_is()
    {
        using EmbeddedStore store = new(_folder.Database);
        await store.Transfer.ImportAsync([Used("quota", 7)], CancellationToken.None);
        store.Database.Write(session => session.Execute("UPDATE counters SET state = x'0102'"));

        StoredCounter damaged = await store.Transfer.ExportAsync(CancellationToken.None).SingleAsync();

        Assert.Equal([1, 2], damaged.State.ToArray());
    }

    private static StoredCounter Used(string name, long used, string key = "k")
    {
        ArrayBufferWriter<byte> bytes = new();
        LimitStateFormat.Write(bytes, new QuotaState(1_793_620_800_000_000, used));
        return new StoredCounter(Key(key), name, bytes.WrittenMemory);
    }

    private static QuotaState Parse(byte[] state)
    {
        Assert.True(LimitStateFormat.TryRead(state, out QuotaState quota));
        return quota;
    }

    private static async Task<StoredCounter> RateOfASecondAsync(EmbeddedStore like)
    {
        using EmbeddedStore other = new(":memory:", like.Time);
        await other.Counters.SpendAsync(
            new Spending { Charges = List(Rate(Key("k"), "rate", 9, seconds: 1)), Cost = 3 }, CancellationToken.None);
        return await other.Transfer.ExportAsync(CancellationToken.None).SingleAsync();
    }
}
