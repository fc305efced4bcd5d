using System.Globalization;
using System.Text;
using Decision.Runtime.Stores;
using Decision.TestKit;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Tests.Keys;

public sealed class KeyStoreTests(SharedRedis shared) : IAsyncLifetime
{
    private RedisStore? _redis;

    private IKeyStore Store => _redis!.Get<IKeyStore>();

    private RedisKeys Names => _redis!.Get<RedisKeys>();

    private IDatabase Database => _redis!.Connection.Database;

    public async ValueTask InitializeAsync() =>
        _redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());

    public ValueTask DisposeAsync() => _redis!.DisposeAsync();

    [Fact]
    public async Task A_record_joins_counters_that_were_there_before_it_and_takes_them_along()
    {
        RedisKey name = Names.OfKey("k1");
        await Database.HashSetAsync(name, [new("c/1", "spent"), new("x", "5")]);
        await Database.KeyExpireAsync(name, TimeSpan.FromHours(1));

        Assert.True(await Store.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));

        Assert.Null(await Database.KeyTimeToLiveAsync(name));
        Assert.Equal("spent", await Database.HashGetAsync(name, "c/1"));
        Assert.False(await Database.HashExistsAsync(name, "x"));
        Assert.True(await Store.ReplaceAsync(KeyStoreContract.Record("k1", 2), 1, CancellationToken.None));
        Assert.Equal("spent", await Database.HashGetAsync(name, "c/1"));
        Assert.True(await Store.DeleteAsync("k1", 2, CancellationToken.None));
        Assert.False(await Database.KeyExistsAsync(name));
    }

    [Fact]
    public async Task Counters_without_a_record_are_no_key()
    {
        await Database.HashSetAsync(Names.OfKey("k1"), "c/1", "spent");

        Assert.Null(await Store.FindAsync("k1", CancellationToken.None));
        Assert.False(await Store.DeleteAsync("k1", 0, CancellationToken.None));
        Assert.True(await Database.KeyExistsAsync(Names.OfKey("k1")));
    }

    [Theory]
    [InlineData("not json", "damaged")]
    [InlineData("""{"format":2}""", "newer version")]
    [InlineData(null, "damaged")]
    public async Task A_record_that_cannot_be_read_is_told_with_its_key_and_can_be_deleted(string? record, string told)
    {
        Assert.True(await Store.CreateAsync(KeyStoreContract.Record("k1", 1, policies: ["gold"], hashes: KeyStoreContract.Custom("c")), CancellationToken.None));
        if (record is null)
        {
            await Database.HashDeleteAsync(Names.OfKey("k1"), "r");
        }
        else
        {
            await Database.HashSetAsync(Names.OfKey("k1"), "r", record);
        }

        foreach (Func<Task> reading in new Func<Task>[]
            {
                async () => await Store.FindAsync("k1", CancellationToken.None),
                async () => await Store.ReplaceAsync(KeyStoreContract.Record("k1", 2), 1, CancellationToken.None),
                async () => await Store.ListAsync(KeyFilter.All, "", 10, CancellationToken.None),
            })
        {
            StoreException error = await Assert.ThrowsAsync<StoreException>(reading);
            Assert.Contains("k1", error.Message);
            Assert.Contains(told, error.Message);
        }

        Assert.False(await Store.CreateAsync(KeyStoreContract.Record("k1", 2), CancellationToken.None));
        Assert.True(await Store.DeleteAsync("k1", 0, CancellationToken.None));

        Assert.Null(await Store.FindAsync("k1", CancellationToken.None));
        Assert.Empty(await Store.ListAsync(new KeyFilter(PolicyId: "gold"), "", 10, CancellationToken.None));
        Assert.Equal(0, await Store.CountAsync(new KeyFilter(PolicyId: "gold"), CancellationToken.None));
    }

    [Fact]
    public async Task A_record_of_another_version_than_beside_it_is_told()
    {
        Assert.True(await Store.CreateAsync(KeyStoreContract.Record("k1", 1), CancellationToken.None));
        await Database.HashSetAsync(Names.OfKey("k1"), "v", new byte[8]);

        Assert.Contains("version", (await Assert.ThrowsAsync<StoreException>(async () => await Store.FindAsync("k1", CancellationToken.None))).Message);
    }

    [Fact]
    public async Task A_name_that_holds_something_else_is_told()
    {
        await Database.StringSetAsync(Names.OfKey("k1"), "x");

        Assert.Contains("Redis:Prefix", (await Assert.ThrowsAsync<StoreException>(async () => await Store.FindAsync("k1", CancellationToken.None))).Message);
        Assert.Contains(
            "Redis:Prefix",
            (await Assert.ThrowsAsync<StoreException>(async () => await Store.CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None))).Message);
    }

    [Fact]
    public async Task Filters_for_keys_without_organisation_or_alias_find_them()
    {
        Assert.True(await Store.CreateAsync(KeyStoreContract.Record("k1", organization: "o", alias: "a"), CancellationToken.None));
        Assert.True(await Store.CreateAsync(KeyStoreContract.Record("k2", organization: "o"), CancellationToken.None));
        Assert.True(await Store.CreateAsync(KeyStoreContract.Record("k3"), CancellationToken.None));

        Assert.Equal(["k3"], (await Store.ListAsync(new KeyFilter(""), "", 10, CancellationToken.None)).Select(record => record.Key.Id));
        Assert.Equal(["k2"], (await Store.ListAsync(new KeyFilter("o", Alias: ""), "", 10, CancellationToken.None)).Select(record => record.Key.Id));
        Assert.Equal(1, await Store.CountAsync(new KeyFilter(""), CancellationToken.None));
        Assert.Equal(2, await Store.CountAsync(new KeyFilter(Alias: ""), CancellationToken.None));
    }

    [Fact]
    public async Task Counts_that_take_many_scripts_are_right()
    {
        // The sets alone: counts do not read records.
        async Task FillAsync(RedisKey set, int from, int to, int step) => await Database.SortedSetAddAsync(
            set,
            [.. Enumerable.Range(from, to - from).Where(i => i % step == 0).Select(i => new SortedSetEntry(i.ToString("x6", CultureInfo.InvariantCulture), 0))]);
        await FillAsync(Names.Index.OfOrganization("o"), 0, 30_000, 2);
        await FillAsync(Names.Index.OfPolicy("p3"), 0, 30_000, 3);
        await FillAsync(Names.Index.OfPolicy("p5"), 0, 30_000, 5);
        await FillAsync(Names.Index.OfPolicy("p7"), 29_000, 30_000, 7);

        Assert.Equal(5_000, await Store.CountAsync(new KeyFilter("o", "p3"), CancellationToken.None));
        Assert.Equal(
            Enumerable.Range(0, 30_000).Count(i => i % 3 == 0 || i % 5 == 0 || (i >= 29_000 && i % 7 == 0)),
            await Store.CountUsingAsync(["p3", "p5", "p7", "none"], CancellationToken.None));
    }

    [Fact]
    public async Task Pages_of_a_filter_walk_over_long_stretches_that_do_not_fit()
    {
        foreach (int i in new[] { 10, 4_500, 4_501 })
        {
            Assert.True(await Store.CreateAsync(KeyStoreContract.Record(i.ToString("x6", CultureInfo.InvariantCulture), 1, "o", policies: ["p"]), CancellationToken.None));
        }

        SortedSetEntry[] others = [.. Enumerable.Range(11, 4_000).Select(i => new SortedSetEntry(i.ToString("x6", CultureInfo.InvariantCulture), 0))];
        await Database.SortedSetAddAsync(Names.Index.OfOrganization("o"), others);
        await Database.SortedSetAddAsync(
            Names.Index.OfPolicy("p"), [.. Enumerable.Range(5_000, 5_000).Select(i => new SortedSetEntry(i.ToString("x6", CultureInfo.InvariantCulture), 0))]);

        Assert.Equal(
            [10, 4_500],
            (await Store.ListAsync(new KeyFilter("o", "p"), "", 2, CancellationToken.None))
                .Select(record => int.Parse(record.Key.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task An_id_of_any_text_is_found_and_listed()
    {
        string id = "a}{ö \n" + new string('x', 300);
        Assert.True(await Store.CreateAsync(KeyStoreContract.Record(id, hashes: KeyStoreContract.Custom("c")), CancellationToken.None));

        Assert.Equal(id, (await Store.FindAsync(id, CancellationToken.None))!.Key.Id);
        Assert.Equal(id, await Store.FindIdByHashAsync(KeyStoreContract.Custom("c").ToText(), CancellationToken.None));
        Assert.Equal(id, Assert.Single(await Store.ListAsync(KeyFilter.All, "", 10, CancellationToken.None)).Key.Id);
        Assert.True(Encoding.UTF8.GetByteCount(Names.OfKey(id).ToString()) < 100);
    }
}
