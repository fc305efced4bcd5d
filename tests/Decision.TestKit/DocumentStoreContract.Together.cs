using System.Text;
using Decision.Runtime.Stores;

namespace Decision.TestKit;

/// <content>Several documents written as one change.</content>
public abstract partial class DocumentStoreContract
{
    [Fact]
    public async Task WriteAllAsync_creates_changes_and_removes_together_each_with_its_next_number()
    {
        Assert.True(await PutAsync(Policy("changed", 1), null, "create"));
        Assert.True(await PutAsync(Policy("changed", 2), "e1"));
        Assert.True(await PutAsync(Policy("gone", 1), null, "create"));
        Assert.True(await PutAsync(Policy("back", 1), null, "create"));
        Assert.True(await Store.DeleteAsync(DocumentKind.Policy, "back", "", 5, CancellationToken.None));

        IReadOnlyList<long>? numbers = await WriteAllAsync(
            Write("new", null, "[1]", "create"),
            Write("changed", "e2", "[2]"),
            Removal("gone", "e1"),
            Write("back", null, "[3]", "create"),
            Write("new", null, "[4]", "create") with { Kind = DocumentKind.Api });

        Assert.Equal([1, 3, 2, 3, 1], numbers);
        AssertSame(new Document(DocumentKind.Policy, "new", 1, "next", "[1]"u8.ToArray(), 77), await FindAsync("new"));
        AssertSame(new Document(DocumentKind.Policy, "changed", 3, "next", "[2]"u8.ToArray(), 77), await FindAsync("changed"));
        Assert.Null(await FindAsync("gone"));
        IReadOnlyList<DocumentRevision> gone = await Store.RevisionsAsync(DocumentKind.Policy, "gone", 0, 1, CancellationToken.None);
        Assert.Equal((2L, "delete", 77L), Told(Assert.Single(gone)));
        Assert.True(gone[0].Json.IsEmpty);
        DocumentRevision changed = (await Store.RevisionsAsync(DocumentKind.Policy, "changed", 0, 1, CancellationToken.None))[0];
        Assert.Equal((3L, "update", 77L), Told(changed));
        Assert.Equal("[2]"u8.ToArray(), changed.Json.ToArray());

        // What comes next goes on from there.
        Assert.False(await PutAsync(Policy("changed", 3), "next"));
        Assert.True(await PutAsync(Policy("changed", 4), "next"));
        Assert.True(await PutAsync(Policy("gone", 3), null, "create"));
    }

    [Theory]
    [InlineData("there is one", "taken", null, false)]
    [InlineData("it has another etag", "taken", "other", false)]
    [InlineData("there is none", "none", "e1", false)]
    [InlineData("there is none to remove", "none", "", true)]
    [InlineData("what is to be removed has another etag", "taken", "other", true)]
    public async Task WriteAllAsync_where_one_is_not_as_expected_writes_nothing(string why, string id, string? expected, bool isRemoval)
    {
        Assert.True(await PutAsync(Policy("taken", 1), null, "create"));
        Assert.True(await PutAsync(Policy("kept", 1), null, "create"));
        long before = await RevisionAsync();

        IReadOnlyList<long>? numbers = await WriteAllAsync(
            Write("new", null, "[1]", "create"),
            Removal("kept", "e1"),
            isRemoval ? Removal(id, expected) : Write(id, expected, "[2]"));

        Assert.True(numbers is null, why);
        Assert.Null(await FindAsync("new"));
        AssertSame(Policy("kept", 1), await FindAsync("kept"));
        AssertSame(Policy("taken", 1), await FindAsync("taken"));
        Assert.Empty(await Store.RevisionsAsync(DocumentKind.Policy, "new", 0, 1, CancellationToken.None));
        Assert.Single(await Store.RevisionsAsync(DocumentKind.Policy, "kept", 0, 5, CancellationToken.None));
        Assert.Equal(before, await RevisionAsync());
    }

    [Fact]
    public async Task WriteAllAsync_is_told_by_RevisionAsync_and_an_empty_list_is_not()
    {
        long first = await RevisionAsync();
        Assert.Empty((await WriteAllAsync())!);
        Assert.Equal(first, await RevisionAsync());

        Assert.NotNull(await WriteAllAsync(Write("new", null, "[1]", "create"), Write("other", null, "[1]", "create")));

        long second = await RevisionAsync();
        Assert.NotEqual(first, second);
        Assert.NotNull(await WriteAllAsync(Removal("new", "")));
        Assert.NotEqual(second, await RevisionAsync());
    }

    [Fact]
    public async Task WriteAllAsync_with_one_document_twice_or_a_file_layer_is_refused_and_writes_nothing()
    {
        DocumentWrite write = Write("new", "", "[1]");

        await Assert.ThrowsAsync<ArgumentException>(() => WriteAllAsync(write, write with { Change = "create" }));
        await Assert.ThrowsAsync<ArgumentException>(() => WriteAllAsync(write, write with { Id = "files", Kind = DocumentKind.FileLayer }));

        Assert.Null(await FindAsync("new"));
    }

    [Fact]
    public async Task WriteAllAsync_is_seen_whole_or_not_at_all()
    {
        Assert.NotNull(await WriteAllAsync(Round(0)));
        using CancellationTokenSource enough = new();
        Task writes = Task.Run(async () =>
        {
            for (int round = 1; !enough.IsCancellationRequested; round++)
            {
                Assert.NotNull(await WriteAllAsync(Round(round)));
            }
        });

        HashSet<string> seen = [];
        for (int load = 0; (load < 200 || seen.Count < 2) && !writes.IsCompleted; load++)
        {
            IReadOnlyList<Document> all = await Store.LoadAsync(DocumentKind.Policy, CancellationToken.None);
            seen.Add(Assert.Single(all.Select(one => Encoding.UTF8.GetString(one.Json.Span)).Distinct()));
        }

        await enough.CancelAsync();
        await writes;
        Assert.True(seen.Count > 1, "Nothing was written meanwhile.");

        static DocumentWrite[] Round(int round) => [.. Enumerable.Range(0, 20).Select(number => Write($"p{number}", "", $"[{round}]"))];
    }

    private Task<IReadOnlyList<long>?> WriteAllAsync(params DocumentWrite[] writes) =>
        Store.WriteAllAsync(writes, 77, CancellationToken.None).AsTask();

    private Task<Document?> FindAsync(string id) => Store.FindAsync(DocumentKind.Policy, id, CancellationToken.None).AsTask();

    private static DocumentWrite Write(string id, string? expectedEtag, string json, string change = "update") =>
        new(DocumentKind.Policy, id, expectedEtag, "next", Encoding.UTF8.GetBytes(json), change);

    private static DocumentWrite Removal(string id, string? expectedEtag) => new(DocumentKind.Policy, id, expectedEtag, "", default, "delete");
}
