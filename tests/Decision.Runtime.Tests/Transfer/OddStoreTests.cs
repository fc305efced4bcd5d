using System.Text;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;
using Decision.Runtime.Transfer;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Runtime.Tests.Transfer;

/// <summary>Stores and files that others damage or change meanwhile.</summary>
public sealed class OddStoreTests
{
    [Theory]
    [InlineData("{\"rate\":")]
    [InlineData("\xff")]
    [InlineData("{\"name\":\"\xff\"}")]
    public async Task Export_of_a_document_that_is_damaged_in_the_store_names_it(string json)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await PutAsync(runtime, "gold", Encoding.Latin1.GetBytes(json));

        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => FilledStore.ExportAsync(runtime));

        Assert.Contains("Revision 1 of the policy gold is damaged", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_of_a_document_whose_revisions_are_of_another_names_it()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await PutAsync(runtime, "gold", "{}"u8.ToArray());
        StoreExport export = new(
            new Headless(runtime.Services.GetRequiredService<IDocumentStore>()),
            runtime.Services.GetRequiredService<IDocumentHistory>(),
            runtime.Services.GetRequiredService<ICounterTransfer>(),
            runtime.KeyStore,
            runtime.Time);

        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => export.WriteAsync(Stream.Null, null, null, CancellationToken.None));

        Assert.Contains("The Policy gold and its revisions do not belong together", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_is_changed_between_check_and_import_is_told()
    {
        using FilledStore original = await FilledStore.MakeAsync();
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await using ChangingFile file = new(original.Export);
        StoreImport import = new(
            runtime.Services.GetRequiredService<IDocumentStore>(), runtime.Services.GetRequiredService<ICounterTransfer>(), runtime.KeyStore, runtime.Time);

        TransferException ended = await Assert.ThrowsAsync<TransferException>(
            () => import.RunAsync(file, new ImportOptions { SecretsKey = FilledStore.SecretsKey }, CancellationToken.None));

        Assert.Contains("The file was changed while it was imported (line ", ended.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_without_an_end_is_given_up()
    {
        LineReader reader = new(new MemoryStream(new byte[1 << 20]), longestLine: 100_000);

        TransferException refused = await Assert.ThrowsAsync<TransferException>(async () => await reader.NextAsync(CancellationToken.None));

        Assert.Contains("Line 1 is longer than any", refused.Message, StringComparison.Ordinal);
    }

    private static async Task PutAsync(TestRuntime runtime, string id, byte[] json) => Assert.True(
        await runtime.Services.GetRequiredService<IDocumentStore>().PutAsync(
            new Document(DocumentKind.Policy, id, 1, "e", json, 1), null, "create", CancellationToken.None));

    // Its last line break is gone at the second reading.
    private sealed class ChangingFile(byte[] export) : MemoryStream(export)
    {
        private int _readings;

        public override long Position
        {
            get => base.Position;
            set
            {
                base.Position = value;
                if (++_readings == 2)
                {
                    SetLength(Length - 1);
                }
            }
        }
    }

    // Has revisions, but not the document that they lead to.
    private sealed class Headless(IDocumentStore inner) : IDocumentStore
    {
        public ValueTask<IReadOnlyList<Document>> LoadAsync(DocumentKind kind, CancellationToken cancellation) => inner.LoadAsync(kind, cancellation);

        public ValueTask<Document?> FindAsync(DocumentKind kind, string id, CancellationToken cancellation) => new((Document?)null);

        public ValueTask<bool> PutAsync(Document next, string? expectedEtag, string change, CancellationToken cancellation) =>
            inner.PutAsync(next, expectedEtag, change, cancellation);

        public ValueTask<bool> DeleteAsync(DocumentKind kind, string id, string expectedEtag, long changedAtUs, CancellationToken cancellation) =>
            inner.DeleteAsync(kind, id, expectedEtag, changedAtUs, cancellation);

        public ValueTask<IReadOnlyList<long>?> WriteAllAsync(
            IReadOnlyList<DocumentWrite> writes, long changedAtUs, CancellationToken cancellation) =>
            inner.WriteAllAsync(writes, changedAtUs, cancellation);

        public ValueTask<IReadOnlyList<DocumentRevision>> RevisionsAsync(
            DocumentKind kind, string id, long before, int size, CancellationToken cancellation) =>
            inner.RevisionsAsync(kind, id, before, size, cancellation);

        public ValueTask<long> RevisionAsync(CancellationToken cancellation) => inner.RevisionAsync(cancellation);
    }
}
