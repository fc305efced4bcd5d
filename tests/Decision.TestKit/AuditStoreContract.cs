using System.Text;
using Decision.Runtime.Stores;

namespace Decision.TestKit;

/// <summary>What every store of the audit log must do.</summary>
public abstract class AuditStoreContract : IAsyncLifetime
{
    private IAuditStore? _store;

    protected IAuditStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<IAuditStore> OpenAsync();

    protected abstract ValueTask CloseAsync();

    private static AuditRecord Record(long sequence, string entry = "{}") =>
        new(sequence, 1_790_000_000_000_000 + sequence, $"{sequence:x64}", Encoding.UTF8.GetBytes(entry));

    private static BegunAct Act(string id, long atUs, string entries = "[]") => new(id, atUs, Encoding.UTF8.GetBytes(entries));

    private async Task AppendAsync(int first, int last)
    {
        for (int number = first; number <= last; number++)
        {
            var end = await Store.HeadAsync(CancellationToken.None);
            Assert.True(await Store.AppendAsync(end, [Record(number)], "", CancellationToken.None));
        }
    }

    [Fact]
    public async Task HeadAsync_and_AnchorAsync_of_an_empty_log_are_before_the_first_record()
    {
        Assert.Equal(AuditHead.None, await Store.HeadAsync(CancellationToken.None));
        Assert.Equal(AuditHead.None, await Store.AnchorAsync(CancellationToken.None));
        Assert.Empty(await Store.ReadAsync(0, 10, CancellationToken.None));
        Assert.Empty(await Store.ReadBackAsync(0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_gives_records_back_to_the_byte_and_moves_the_end()
    {
        AuditRecord[] records = [Record(1, "{\"a\":\"Größe \U0001F600\"}"), Record(2)];

        Assert.True(await Store.AppendAsync(AuditHead.None, records, "", CancellationToken.None));

        var read = await Store.ReadAsync(0, 10, CancellationToken.None);
        Assert.Equal(records.Select(record => record with { Entry = default }), read.Select(record => record with { Entry = default }));
        Assert.Equal(records.Select(record => record.Entry.ToArray()), read.Select(record => record.Entry.ToArray()));
        Assert.Equal(records[1].Head, await Store.HeadAsync(CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_where_others_have_appended_changes_nothing()
    {
        await AppendAsync(1, 2);
        await Store.BeginAsync(Act("a", 1), CancellationToken.None);

        Assert.False(await Store.AppendAsync(AuditHead.None, [Record(1)], "a", CancellationToken.None));
        Assert.False(await Store.AppendAsync(Record(1).Head, [Record(2)], "a", CancellationToken.None));
        Assert.False(await Store.AppendAsync(Record(2).Head with { Hash = "other" }, [Record(3)], "a", CancellationToken.None));

        Assert.Equal([1L, 2], (await Store.ReadAsync(0, 10, CancellationToken.None)).Select(record => record.Sequence));
        Assert.Single(await Store.BegunAsync(long.MaxValue, CancellationToken.None));
    }

    [Fact]
    public async Task AppendAsync_forgets_what_had_begun_and_nothing_else()
    {
        await Store.BeginAsync(Act("a", 5, "[1]"), CancellationToken.None);
        await Store.BeginAsync(Act("b", 6, "[2]"), CancellationToken.None);

        Assert.True(await Store.AppendAsync(AuditHead.None, [Record(1)], "a", CancellationToken.None));

        var left = Assert.Single(await Store.BegunAsync(long.MaxValue, CancellationToken.None));
        Assert.Equal(("b", 6L, "[2]"), (left.Id, left.AtUs, Encoding.UTF8.GetString(left.Entries.Span)));
    }

    [Fact]
    public async Task BegunAsync_gives_what_began_before_and_DropAsync_forgets_it()
    {
        await Store.BeginAsync(Act("old", 5), CancellationToken.None);
        await Store.BeginAsync(Act("new", 9), CancellationToken.None);

        Assert.Equal(["old"], (await Store.BegunAsync(9, CancellationToken.None)).Select(act => act.Id));
        await Store.DropAsync("old", CancellationToken.None);
        await Store.DropAsync("never", CancellationToken.None);

        Assert.Equal(["new"], (await Store.BegunAsync(long.MaxValue, CancellationToken.None)).Select(act => act.Id));
    }

    [Fact]
    public async Task ReadAsync_and_ReadBackAsync_give_pages_from_both_ends()
    {
        await AppendAsync(1, 5);

        Assert.Equal([1L, 2], (await Store.ReadAsync(0, 2, CancellationToken.None)).Select(record => record.Sequence));
        Assert.Equal([3L, 4, 5], (await Store.ReadAsync(2, 10, CancellationToken.None)).Select(record => record.Sequence));
        Assert.Equal([5L, 4], (await Store.ReadBackAsync(0, 2, CancellationToken.None)).Select(record => record.Sequence));
        Assert.Equal([3L, 2, 1], (await Store.ReadBackAsync(4, 10, CancellationToken.None)).Select(record => record.Sequence));
        Assert.Empty(await Store.ReadBackAsync(1, 10, CancellationToken.None));
        Assert.Empty(await Store.ReadAsync(5, 10, CancellationToken.None));
    }

    [Fact]
    public async Task PruneAsync_removes_up_to_the_anchor_and_the_log_goes_on()
    {
        await AppendAsync(1, 4);

        await Store.PruneAsync(Record(2).Head, CancellationToken.None);
        await Store.PruneAsync(Record(1).Head, CancellationToken.None);

        Assert.Equal(Record(2).Head, await Store.AnchorAsync(CancellationToken.None));
        Assert.Equal([3L, 4], (await Store.ReadAsync(0, 10, CancellationToken.None)).Select(record => record.Sequence));
        await Store.PruneAsync(Record(4).Head, CancellationToken.None);
        Assert.Empty(await Store.ReadAsync(0, 10, CancellationToken.None));
        Assert.Equal(Record(4).Head, await Store.HeadAsync(CancellationToken.None));
        await AppendAsync(5, 5);
        Assert.Equal([5L], (await Store.ReadBackAsync(0, 10, CancellationToken.None)).Select(record => record.Sequence));
    }
}
