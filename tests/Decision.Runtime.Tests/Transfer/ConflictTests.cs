using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using Decision.Runtime.Transfer;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Transfer;

/// <summary>Imports into a store that has something else already, and imports that were interrupted.</summary>
public sealed class ConflictTests : IDisposable
{
    private static readonly ImportOptions Replacing = new() { Replaces = true, SecretsKey = FilledStore.SecretsKey };
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_the_store_has_otherwise_is_listed_and_nothing_is_overwritten()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        byte[] before = await ChangeAsync(original);

        ImportReport report = await FilledStore.ImportAsync(original.Database, original.Export);

        Assert.False(report.IsAccepted);
        ExportText file = new(original.Export);
        Assert.Equal(
            [
                $"line {file.NumberOf("\"id\":\"back\",\"revision\":3")}: the policy 'back' was deleted in the store.",
                $"line {file.NumberOf("\"id\":\"deleted\",\"revision\":2")}: the policy 'deleted' is deleted in the file and not in the store.",
                $"line {file.NumberOf("\"id\":\"log\",\"revision\":4")}: the policy 'log' has another content in the store (revision 5 there, 4 in the file).",
                $"line {file.NumberOf($"\"key_id\":\"{original.PlainId}\"")}: the key {original.PlainId} has another content in the store.",
            ],
            report.Conflicts.Select(conflict => conflict.ToString()));
        Assert.Equal(before, await FilledStore.ExportAsync(original.Database));
    }

    [Fact]
    public async Task Replace_overwrites_as_new_revisions_and_can_be_repeated()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await ChangeAsync(original);

        ImportReport report = await FilledStore.ImportAsync(original.Database, original.Export, Replacing);

        Assert.True(report.IsAccepted);
        Assert.Equal((3, 1), (report[TransferKind.Policy].Replaced, report[TransferKind.Key].Replaced));
        ImportReport again = await FilledStore.ImportAsync(original.Database, original.Export);
        Assert.True(again.IsAccepted);
        Assert.Equal((6, 6), (again[TransferKind.Policy].Unchanged, again[TransferKind.Key].Unchanged));
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: original.Database, at: FilledStore.At);
        var revisions = await runtime.Policies.RevisionsAsync("log", "", 2, CancellationToken.None);
        Assert.Equal([(6L, "update", 6d), (5L, "update", 99d)], revisions.Items.Select(each => (each.Number, each.Change, each.Value!.Limits.Rate.Rate)));
        Assert.Equal("plain", (await runtime.Keys.GetAsync(original.PlainId, CancellationToken.None)).Key.Alias);
        Assert.DoesNotContain("deleted", runtime.Catalog.Store.Policies.Keys);
        Assert.Contains("back", runtime.Catalog.Store.Policies.Keys);
    }

    [Fact]
    public async Task Older_state_of_the_store_is_a_conflict_and_replace_carries_its_history_on()
    {
        byte[] newer;
        await using (TestRuntime runtime = await TestRuntime.StartAsync(path: _folder.Database))
        {
            await runtime.CreateAsync(Sample.Policy("gold", rate: 1));
            byte[] older = await FilledStore.ExportAsync(runtime);
            await runtime.EditAsync("gold", policy => policy with { Limits = Sample.Limits(2) });
            await runtime.EditAsync("gold", policy => policy with { Limits = Sample.Limits(3) });
            newer = await FilledStore.ExportAsync(runtime);
            await using TestRuntime other = await TestRuntime.StartAsync();
            await FilledStore.ImportAsync(other, older);

            Assert.False((await FilledStore.ImportAsync(other, newer)).IsAccepted);
            Assert.True((await FilledStore.ImportAsync(other, newer, Replacing)).IsAccepted);

            Assert.Equal(newer, await FilledStore.ExportAsync(other));
        }
    }

    [Fact]
    public async Task Text_of_a_custom_key_that_another_key_has_stands_in_the_way_also_of_replace()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey taken = await runtime.CreateKeyAsync(Sample.OwnKey(), "a-custom-key-of-a-partner");

        ImportReport report = await FilledStore.ImportAsync(runtime, original.Export, Replacing);

        Assert.False(report.IsAccepted);
        Assert.Contains(
            $"the custom key {original.CustomId} has the same text as the store's key {taken.Record.Key.Id}: delete one of the two.",
            Assert.Single(report.Obstacles).Message, StringComparison.Ordinal);
        Assert.Equal(1, await runtime.KeyStore.CountAsync(KeyFilter.All, CancellationToken.None));
    }

    [Fact]
    public async Task Key_that_another_writes_meanwhile_ends_the_import_which_can_be_repeated()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: _folder.Database, at: FilledStore.At);
        CreatedKey? taken = null;
        runtime.KeyStore.BeforeCreate = () =>
        {
            runtime.KeyStore.BeforeCreate = null;
            taken = runtime.CreateKeyAsync(Sample.OwnKey(), "a-custom-key-of-a-partner").GetAwaiter().GetResult();
        };

        TransferException ended = await Assert.ThrowsAsync<TransferException>(() => FilledStore.ImportAsync(runtime, original.Export));
        await runtime.Keys.DeleteAsync(taken!.Record.Key.Id, "", CancellationToken.None);
        ImportReport again = await FilledStore.ImportAsync(runtime, original.Export);

        Assert.Contains($"The key '{original.CustomId}' was changed in the store", ended.Message, StringComparison.Ordinal);
        Assert.True(again.IsAccepted);
        Assert.Equal(original.Export, await FilledStore.ExportAsync(runtime));
    }

    [Fact]
    public async Task Import_that_was_interrupted_at_any_write_admits_nothing_anew_and_is_completed_by_the_next()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        int writes = 0;
        bool isWhole = false;
        while (!isWhole)
        {
            using TemporaryFolder folder = new();
            await using (TestRuntime runtime = await TestRuntime.StartAsync(path: folder.Database, at: FilledStore.At))
            {
                isWhole = await ImportUntilAsync(runtime, original.Export, writes++);
                await AssertNoKeyWithoutItsUsageAsync(runtime, original);
            }

            ImportReport rest = await FilledStore.ImportAsync(folder.Database, original.Export);
            Assert.True(rest.IsAccepted, string.Join('\n', rest.Conflicts));
            Assert.Equal(original.Export, await FilledStore.ExportAsync(folder.Database));
        }

        // Every revision, all usage at once, and every key.
        Assert.Equal(15 + 1 + 6 + 1, writes);
    }

    [Fact]
    public async Task Cancelled_import_can_be_repeated()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: _folder.Database, at: FilledStore.At);
        using CancellationTokenSource cancelling = new();
        StoreImport import = new(
            new InterruptedStores(runtime.Services, int.MaxValue, cancelling.Cancel),
            runtime.Services.GetRequiredService<ICounterTransfer>(),
            runtime.KeyStore,
            runtime.Time);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => import.RunAsync(
            new MemoryStream(original.Export), new ImportOptions { SecretsKey = FilledStore.SecretsKey }, cancelling.Token));

        Assert.True((await FilledStore.ImportAsync(runtime, original.Export)).IsAccepted);
        Assert.Equal(original.Export, await FilledStore.ExportAsync(runtime));
    }

    // A policy edited, one deleted, one brought back, and a key edited.
    private static async Task<byte[]> ChangeAsync(FilledStore store)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: store.Database, at: FilledStore.At);
        await runtime.EditAsync("log", policy => policy with { Limits = Sample.Limits(99) });
        await runtime.Policies.DeleteAsync("back", "", isForced: false, CancellationToken.None);
        await runtime.Policies.RollbackAsync("deleted", 1, "", CancellationToken.None);
        await runtime.Keys.UpdateAsync(
            store.PlainId, new KeyChange(key => key with { Alias = "another" }, false, ""), CancellationToken.None);
        return await FilledStore.ExportAsync(runtime);
    }

    private static async Task<bool> ImportUntilAsync(TestRuntime runtime, byte[] export, int writes)
    {
        InterruptedStores stores = new(runtime.Services, writes);
        try
        {
            ImportReport report = await new StoreImport(stores, stores, stores, runtime.Time).RunAsync(
                new MemoryStream(export), new ImportOptions { SecretsKey = FilledStore.SecretsKey }, CancellationToken.None);
            return report.IsAccepted;
        }
        catch (StoreException)
        {
            return false;
        }
    }

    private static async Task AssertNoKeyWithoutItsUsageAsync(TestRuntime runtime, FilledStore original)
    {
        if (await runtime.KeyStore.FindAsync(original.PlainId, CancellationToken.None) is not null)
        {
            HashSet<string> names = [];
            await foreach (StoredCounter counter in runtime.Services.GetRequiredService<ICounterTransfer>().ExportAsync(CancellationToken.None))
            {
                names.Add(counter.Subject.Id);
            }

            Assert.Contains(original.PlainId, names);
        }
    }
}
