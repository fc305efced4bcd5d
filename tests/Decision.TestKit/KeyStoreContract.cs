using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Decision.Engine.Credentials;
using Decision.Engine.Keys;
using Decision.Runtime.Stores;

namespace Decision.TestKit;

/// <summary>What every store of keys must do.</summary>
public abstract class KeyStoreContract : IAsyncLifetime
{
    private IKeyStore? _store;

    protected IKeyStore Store => _store!;

    public async ValueTask InitializeAsync() => _store = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract ValueTask<IKeyStore> OpenAsync();

    protected abstract ValueTask CloseAsync();

    /// <summary>A hash of a custom key, which stores index.</summary>
    public static KeyHash Custom(string text) => new(KeyHashScheme.HmacSha256, Bytes(text));

    /// <summary>A hash of a key made here, which is found by its id alone.</summary>
    public static KeyHash Made(string text) => new(KeyHashScheme.Sha256, Bytes(text));

    public static KeyRecord Record(string id, ulong version = 1, string organization = "", string alias = "", string[]? policies = null, string[]? tags = null, params KeyHash[] hashes) =>
        new()
        {
            Key = new Key
            {
                Id = id,
                OrganizationId = organization,
                Alias = alias,
                ApplyPolicies = [.. policies ?? []],
                Tags = [.. tags ?? []],
                DateCreatedUs = 1_790_000_000_123_456,
            },
            Hashes = hashes.Length == 0 ? [Made(id)] : [.. hashes],
            Version = version,
        };

    protected Task<bool> CreateAsync(KeyRecord record) => Store.CreateAsync(record, CancellationToken.None).AsTask();

    protected Task<bool> ReplaceAsync(KeyRecord record, ulong expected) => Store.ReplaceAsync(record, expected, CancellationToken.None).AsTask();

    protected Task<KeyRecord?> FindAsync(string id) => Store.FindAsync(id, CancellationToken.None).AsTask();

    protected Task<string?> FindIdAsync(KeyHash hash) => Store.FindIdByHashAsync(hash.ToText(), CancellationToken.None).AsTask();

    protected static void AssertSame(KeyRecord expected, KeyRecord? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal(Encoding.UTF8.GetString(KeyRecordFormat.Write(expected)), Encoding.UTF8.GetString(KeyRecordFormat.Write(actual)));
    }

    [Fact]
    public async Task FindAsync_of_a_created_key_gives_its_record_back()
    {
        KeyRecord record = Record("k1", ulong.MaxValue, "org", "Aña", ["gold", "extra"], ["a", "b"], Made("x") with { EndsAtUs = 5 }, Custom("y")) with
        {
            SealedHmacString = "sealed",
        };

        Assert.True(await CreateAsync(record));

        AssertSame(record, await FindAsync("k1"));
        Assert.Null(await FindAsync("K1"));
    }

    [Fact]
    public async Task CreateAsync_with_an_id_that_is_taken_changes_nothing()
    {
        KeyRecord first = Record("k1", 1, alias: "first");
        Assert.True(await CreateAsync(first));

        Assert.False(await CreateAsync(Record("k1", 2, alias: "second", hashes: Custom("c"))));

        AssertSame(first, await FindAsync("k1"));
        Assert.Null(await FindIdAsync(Custom("c")));
    }

    [Fact]
    public async Task CreateAsync_with_a_custom_hash_that_is_taken_changes_nothing()
    {
        Assert.True(await CreateAsync(Record("k1", hashes: Custom("c"))));

        Assert.False(await CreateAsync(Record("k2", policies: ["gold"], hashes: Custom("c"))));

        Assert.Null(await FindAsync("k2"));
        Assert.Equal("k1", await FindIdAsync(Custom("c")));
        Assert.Equal(0, await Store.CountAsync(new KeyFilter(PolicyId: "gold"), CancellationToken.None));
    }

    [Fact]
    public async Task FindIdByHashAsync_knows_custom_keys_only()
    {
        Assert.True(await CreateAsync(Record("k1", hashes: [Custom("c"), Made("m")])));

        Assert.Equal("k1", await FindIdAsync(Custom("c")));
        Assert.Null(await FindIdAsync(Made("m")));
        Assert.Null(await FindIdAsync(Custom("unknown")));
    }

    [Fact]
    public async Task ReplaceAsync_follows_the_version()
    {
        Assert.True(await CreateAsync(Record("k1", ulong.MaxValue - 1)));
        KeyRecord second = Record("k1", 7, alias: "second");

        Assert.False(await ReplaceAsync(second, 5));
        Assert.False(await ReplaceAsync(Record("k2", 7), 1));
        Assert.True(await ReplaceAsync(second, ulong.MaxValue - 1));
        Assert.False(await ReplaceAsync(Record("k1", 8), ulong.MaxValue - 1));

        AssertSame(second, await FindAsync("k1"));
        Assert.Null(await FindAsync("k2"));
    }

    [Fact]
    public async Task ReplaceAsync_moves_what_the_key_is_found_by()
    {
        Assert.True(await CreateAsync(Record("k1", 1, "o1", "a1", ["p1", "p2"], ["t1"], Custom("old"))));
        Assert.True(await ReplaceAsync(Record("k1", 2, "o1", "a1", ["p1", "p2"], ["t1"], Custom("new"), Custom("old") with { EndsAtUs = 9 }), 1));
        Assert.Equal("k1", await FindIdAsync(Custom("old")));
        Assert.Equal("k1", await FindIdAsync(Custom("new")));

        Assert.True(await ReplaceAsync(Record("k1", 3, "o2", "a2", ["p2", "p3"], ["t2"], Custom("new")), 2));

        Assert.Null(await FindIdAsync(Custom("old")));
        Assert.Equal("k1", await FindIdAsync(Custom("new")));
        foreach (KeyFilter gone in new KeyFilter[] { new("o1"), new(PolicyId: "p1"), new(Tag: "t1"), new(Alias: "a1") })
        {
            Assert.Equal(0, await Store.CountAsync(gone, CancellationToken.None));
        }

        foreach (KeyFilter now in new KeyFilter[] { new("o2"), new(PolicyId: "p2"), new(PolicyId: "p3"), new(Tag: "t2"), new(Alias: "a2") })
        {
            Assert.Equal(1, await Store.CountAsync(now, CancellationToken.None));
        }
    }

    [Fact]
    public async Task ReplaceAsync_with_a_custom_hash_of_another_key_changes_nothing()
    {
        Assert.True(await CreateAsync(Record("k1", hashes: Custom("c1"))));
        KeyRecord second = Record("k2", hashes: Custom("c2"));
        Assert.True(await CreateAsync(second));

        Assert.False(await ReplaceAsync(Record("k2", 2, hashes: [Custom("c1"), Custom("c2")]), 1));

        AssertSame(second, await FindAsync("k2"));
        Assert.Equal("k1", await FindIdAsync(Custom("c1")));
        Assert.Equal("k2", await FindIdAsync(Custom("c2")));
    }

    [Fact]
    public async Task DeleteAsync_follows_the_version_and_frees_hash_and_id()
    {
        Assert.True(await CreateAsync(Record("k1", 3, policies: ["gold"], hashes: Custom("c"))));
        Assert.False(await Store.DeleteAsync("k1", 2, CancellationToken.None));
        Assert.False(await Store.DeleteAsync("k2", 0, CancellationToken.None));

        Assert.True(await Store.DeleteAsync("k1", 3, CancellationToken.None));

        Assert.Null(await FindAsync("k1"));
        Assert.Null(await FindIdAsync(Custom("c")));
        Assert.Equal(0, await Store.CountUsingAsync(["gold"], CancellationToken.None));
        Assert.False(await Store.DeleteAsync("k1", 0, CancellationToken.None));
        Assert.True(await CreateAsync(Record("k1", 4, hashes: Custom("c"))));
        Assert.True(await Store.DeleteAsync("k1", 0, CancellationToken.None));
    }

    [Fact]
    public async Task ListAsync_gives_pages_in_the_order_of_the_ids()
    {
        foreach (int i in new[] { 3, 1, 4, 2, 5 })
        {
            Assert.True(await CreateAsync(Record("k" + i)));
        }

        Assert.Equal(["k1", "k2"], await PageAsync(KeyFilter.All, "", 2));
        Assert.Equal(["k3", "k4"], await PageAsync(KeyFilter.All, "k2", 2));
        Assert.Equal(["k5"], await PageAsync(KeyFilter.All, "k4", 2));
        Assert.Equal(["k3"], await PageAsync(KeyFilter.All, "k2a", 1));
        Assert.Empty(await PageAsync(KeyFilter.All, "k5", 2));
    }

    [Fact]
    public async Task ListAsync_and_CountAsync_join_the_parts_of_every_filter()
    {
        KeyRecord[] records =
        [
            .. from bits in Enumerable.Range(0, 16)
               select Record(
                   $"k{bits:00}", 1, (bits & 1) != 0 ? "o" : "other", (bits & 2) != 0 ? "a" : "other",
                   (bits & 4) != 0 ? ["first", "p"] : ["first"], (bits & 8) != 0 ? ["t", "last"] : ["last"]),
        ];
        foreach (KeyRecord record in records)
        {
            Assert.True(await CreateAsync(record));
        }

        for (int parts = 0; parts < 16; parts++)
        {
            KeyFilter filter = new(
                (parts & 1) != 0 ? "o" : null, (parts & 4) != 0 ? "p" : null, (parts & 8) != 0 ? "t" : null, (parts & 2) != 0 ? "a" : null);
            string[] expected = [.. Enumerable.Range(0, 16).Where(bits => (bits & parts) == parts).Select(bits => $"k{bits:00}")];

            Assert.Equal(expected, await PageAsync(filter, "", 100));
            Assert.Equal(expected.Skip(1).Take(2), await PageAsync(filter, expected[0], 2));
            Assert.Equal(expected.Length, await Store.CountAsync(filter, CancellationToken.None));
        }
    }

    [Fact]
    public async Task CountUsingAsync_counts_each_key_once_also_for_thousands_of_policies()
    {
        Assert.True(await CreateAsync(Record("k1", policies: ["p1", "p2", "p2"])));
        Assert.True(await CreateAsync(Record("k2", policies: ["p2"])));
        Assert.True(await CreateAsync(Record("k3", policies: ["q\"'"])));
        Assert.True(await CreateAsync(Record("k4")));

        Assert.Equal(2, await Store.CountUsingAsync([.. Enumerable.Range(0, 5_000).Select(i => "p" + i)], CancellationToken.None));
        Assert.Equal(1, await Store.CountUsingAsync(["p1"], CancellationToken.None));
        Assert.Equal(1, await Store.CountUsingAsync(["q\"'"], CancellationToken.None));
        Assert.Equal(0, await Store.CountUsingAsync([], CancellationToken.None));
    }

    [Fact]
    public async Task Writes_of_many_at_once_let_one_win()
    {
        bool[] created = await Task.WhenAll(Enumerable.Range(1, 12).Select(i => Task.Run(() => CreateAsync(Record("k" + i, hashes: Custom("same"))))));
        Assert.Equal(1, created.Count(each => each));
        Assert.Equal(1, await Store.CountAsync(KeyFilter.All, CancellationToken.None));

        string id = (await FindIdAsync(Custom("same")))!;
        bool[] replaced = await Task.WhenAll(Enumerable.Range(2, 12).Select(i => Task.Run(() => ReplaceAsync(Record(id, (ulong)i), 1))));

        Assert.Equal(1, replaced.Count(each => each));
    }

    private async Task<string[]> PageAsync(KeyFilter filter, string after, int size) =>
        [.. (await Store.ListAsync(filter, after, size, CancellationToken.None)).Select(record => record.Key.Id)];

    private static ImmutableArray<byte> Bytes(string text) => [.. SHA256.HashData(Encoding.UTF8.GetBytes(text))];
}
