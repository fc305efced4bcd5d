using System.Runtime.CompilerServices;
using System.Text;
using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using Decision.Runtime.Transfer;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Transfer;

/// <summary>A store carried over to another one, which is then used.</summary>
public sealed class StoreTransferTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_into_an_empty_store_makes_one_whose_export_is_the_same_to_the_byte()
    {
        using FilledStore original = await FilledStore.MakeAsync();

        ImportReport report = await FilledStore.ImportAsync(_folder.Database, original.Export);

        Assert.True(report.IsAccepted, string.Join('\n', report.Findings.Concat(report.Conflicts)));
        Assert.Equal(Encoding.UTF8.GetString(original.Export), Encoding.UTF8.GetString(await FilledStore.ExportAsync(_folder.Database)));
        Assert.Equal(
            [1L, 6, 1, 6],
            new[] { TransferKind.Api, TransferKind.Policy, TransferKind.Organization, TransferKind.Key }.Select(kind => report[kind].Added));
        Assert.True(report[TransferKind.Usage].Added >= 10);
    }

    [Fact]
    public async Task Imported_store_goes_on_as_the_original_would_have()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await FilledStore.ImportAsync(_folder.Database, original.Export);
        await using TestRuntime before = await TestRuntime.StartAsync(path: original.Database, at: FilledStore.At);
        await using TestRuntime after = await TestRuntime.StartAsync(path: _folder.Database, at: FilledStore.At);
        HashSet<Reason> reasons = [];

        for (int round = 0; round < 20; round++)
        {
            foreach (string token in original.Tokens)
            {
                Verdict expected = await before.AskAsync(token);
                Verdict actual = await after.AskAsync(token);
                Assert.Equal(Told(expected), Told(actual));
                reasons.Add(actual.Reason);
            }

            Assert.Equal(
                Told(await before.AskAsync(FilledStore.Ask(original.Signed, before))), Told(await after.AskAsync(FilledStore.Ask(original.Signed, after))));
            before.Time.Advance(TimeSpan.FromSeconds(1.7));
            after.Time.Advance(TimeSpan.FromSeconds(1.7));
        }

        Assert.Superset(
            new HashSet<Reason> { Reason.Allowed, Reason.RateLimited, Reason.QuotaExceeded, Reason.KeyExpired, Reason.SignatureInvalid }, reasons);
    }

    [Fact]
    public async Task Imported_histories_read_as_the_original_s_and_deleted_policies_can_be_brought_back()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await FilledStore.ImportAsync(_folder.Database, original.Export);
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: _folder.Database, at: FilledStore.At);

        var revisions = await runtime.Policies.RevisionsAsync("log", "", 10, CancellationToken.None);
        var back = await runtime.Policies.RevisionsAsync("back", "", 10, CancellationToken.None);
        await runtime.Policies.RollbackAsync("deleted", 1, "", CancellationToken.None);

        Assert.Equal(["4 rollback 6", "3 update 6", "2 update 6", "1 create 5"], revisions.Items.Select(Told));
        Assert.Equal(["3 create 2", "2 delete ", "1 create 1"], back.Items.Select(Told));
        Assert.Equal("3 rollback 3", Told((await runtime.Policies.RevisionsAsync("deleted", "", 1, CancellationToken.None)).Items[0]));
    }

    [Fact]
    public async Task Export_has_no_secret_in_clear()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        string text = Encoding.UTF8.GetString(original.Export);

        Assert.Equal(8, original.Secrets.Count);
        Assert.All(original.Secrets, secret => Assert.DoesNotContain(secret, text, StringComparison.Ordinal));
        Assert.All(original.Secrets, secret => Assert.DoesNotContain(Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)), text, StringComparison.Ordinal));
        Assert.DoesNotContain(Convert.ToHexStringLower(FilledStore.SecretsKey), text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_again_changes_nothing()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await FilledStore.ImportAsync(_folder.Database, original.Export);

        ImportReport again = await FilledStore.ImportAsync(_folder.Database, original.Export);

        Assert.True(again.IsAccepted);
        Assert.All(Enum.GetValues<TransferKind>(), kind => Assert.Equal(new ImportTally(0, again[kind].Unchanged, 0, 0), again[kind]));
        Assert.Equal(6, again[TransferKind.Key].Unchanged);
        Assert.Equal(original.Export, await FilledStore.ExportAsync(_folder.Database));
    }

    [Fact]
    public async Task Import_into_a_store_that_has_been_used_since_never_enlarges_what_remains()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await using (TestRuntime used = await TestRuntime.StartAsync(path: original.Database, at: FilledStore.At))
        {
            await used.AskAsync(original.Tokens[0]);
        }

        ImportReport report = await FilledStore.ImportAsync(original.Database, original.Export);
        await using TestRuntime runtime = await TestRuntime.StartAsync(path: original.Database, at: FilledStore.At);

        Assert.True(report[TransferKind.Usage].Kept >= 2);
        Assert.Equal(
            ["rate 4/6", "quota 4/21"],
            (await runtime.Keys.GetUsageAsync(original.PlainId, CancellationToken.None))
                .Where(reading => reading.Charge.Max is 6 or 21).Select(reading => $"{reading.Charge.Name} {reading.Used}/{reading.Charge.Max}"));
    }

    [Fact]
    public async Task Export_and_import_take_more_keys_than_a_page()
    {
        using TemporaryFolder other = new();
        byte[] export;
        await using (TestRuntime runtime = await TestRuntime.StartAsync())
        {
            await runtime.CreateAsync(Sample.Policy("gold", quota: 5));
            for (int i = 0; i < 1_100; i++)
            {
                await runtime.AskAsync(await runtime.CreateKeyAsync(Sample.Key("gold")));
            }

            export = await FilledStore.ExportAsync(runtime);
        }

        ImportReport report = await FilledStore.ImportAsync(other.Database, export);

        Assert.Equal(1_100, report[TransferKind.Key].Added);
        Assert.Equal(1_100, report[TransferKind.Usage].Added);
        ExportText text = new(await FilledStore.ExportAsync(other.Database));
        Assert.Equal(1_100, text.Lines.Count(line => line.Contains("\"kind\":\"key\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Content_with_line_breaks_is_carried_over_to_the_byte()
    {
        byte[] json = "{\n  \"org_id\": \"acme\", \"name\": \"Größe \\ud83d\\ude00\"\r\n}"u8.ToArray();
        byte[] export;
        await using (TestRuntime runtime = await TestRuntime.StartAsync())
        {
            await runtime.Services.GetRequiredService<IDocumentStore>().PutAsync(
                new Document(DocumentKind.Policy, "odd", 3, "e", json, 1), null, "create", CancellationToken.None);
            export = await FilledStore.ExportAsync(runtime);
        }

        await using TestRuntime other = await TestRuntime.StartAsync();
        await FilledStore.ImportAsync(other, export);

        Document? stored = await other.Services.GetRequiredService<IDocumentStore>().FindAsync(DocumentKind.Policy, "odd", CancellationToken.None);
        Assert.Equal(json, stored!.Json.ToArray());
        Assert.Equal((3, "e", 1), (stored.Revision, stored.Etag, stored.ChangedAtUs));
    }

    [Fact]
    public async Task Export_without_a_Secrets_Key_is_refused_where_keys_need_one_and_only_there()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold"));
        await runtime.CreateKeyAsync(Sample.Key("gold"));
        StoreExport export = FilledStore.Exporter(runtime);
        using MemoryStream file = new();
        await export.WriteAsync(file, null, null, CancellationToken.None);

        await runtime.CreateKeyAsync(Sample.Key("gold"), "a-custom-key-of-a-partner");
        TransferException refused = await Assert.ThrowsAsync<TransferException>(
            () => export.WriteAsync(Stream.Null, null, null, CancellationToken.None));

        Assert.Contains("Set Secrets:Key", refused.Message, StringComparison.Ordinal);
        await using TestRuntime other = await TestRuntime.StartAsync();
        Assert.True((await FilledStore.ImportAsync(other, file.ToArray(), new ImportOptions())).IsAccepted);
    }

    [Fact]
    public async Task Export_names_counters_that_are_damaged_and_goes_on()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        StoreExport export = new(
            runtime.Services.GetRequiredService<IDocumentStore>(),
            runtime.Services.GetRequiredService<IDocumentHistory>(),
            new DamagedCounters(),
            runtime.Services.GetRequiredService<IKeyStore>(),
            runtime.Time);

        ExportReport report = await export.WriteAsync(Stream.Null, null, null, CancellationToken.None);

        Assert.Equal((1, 0), (report.DamagedCount, report.Counts[TransferKind.Usage]));
        Assert.Equal(["rate/policy:gold of Key k1"], report.Damaged);
    }

    private static string Told(Verdict verdict) => string.Join(
        ' ',
        [
            $"{verdict.Reason} {verdict.Grant?.KeyId} {verdict.RetryAfterUs}",
            .. Enumerable.Range(0, verdict.Charges.Count).Select(i => $"{verdict.Charges[i].Counter} {verdict.Outcomes[i]}"),
        ]);

    private static string Told(StoredRevision<Engine.Policies.Policy> revision) =>
        $"{revision.Number} {revision.Change} {revision.Value?.Limits.Rate.Rate}";

    private sealed class DamagedCounters : ICounterTransfer
    {
        public async IAsyncEnumerable<StoredCounter> ExportAsync([EnumeratorCancellation] CancellationToken cancellation)
        {
            await Task.CompletedTask;
            yield return new StoredCounter(TestKit.TestCharges.Key("k1"), "rate/policy:gold", new byte[] { 1, 2, 3 });
        }

        public ValueTask<CounterImport> ImportAsync(IReadOnlyList<StoredCounter> counters, CancellationToken cancellation) => throw new NotSupportedException();
    }
}
