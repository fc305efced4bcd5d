using Decision.Runtime.Stores;
using Decision.Storage.Redis.Keys;
using Decision.TestKit;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Tests.Keys;

/// <summary>What a crash between two steps of a write leaves, and what it may not do.</summary>
public sealed class KeyLeftoverTests(SharedRedis shared) : IAsyncLifetime
{
    private RedisStore? _redis;

    private IKeyStore Store => _redis!.Get<IKeyStore>();

    private RedisKeys Names => _redis!.Get<RedisKeys>();

    private IDatabase Database => _redis!.Connection.Database;

    public async ValueTask InitializeAsync() =>
        _redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());

    public ValueTask DisposeAsync() => _redis!.DisposeAsync();

    [Fact]
    public async Task Count_mends_what_a_crashed_create_left()
    {
        await CreateAsync(KeyStoreContract.Record("k1", policies: ["gold"]));
        KeyRecord crashed = KeyStoreContract.Record("k2", policies: ["gold"]);
        await CrashAsync(crashed, null);

        Assert.Equal(1, await Store.CountUsingAsync(["gold"], CancellationToken.None));

        Assert.Equal(1, await Store.CountAsync(KeyFilter.All, CancellationToken.None));
        Assert.False(await Database.KeyExistsAsync(Names.Index.Marks));
        await CreateAsync(crashed);
        Assert.Equal(2, await Store.CountAsync(new KeyFilter(PolicyId: "gold"), CancellationToken.None));
    }

    [Theory]
    [InlineData(true, 1, 0)]
    [InlineData(false, 0, 1)]
    public async Task Count_mends_what_a_crashed_replacement_left_on_either_side_of_the_record(bool isWritten, int ofNew, int ofOld)
    {
        KeyRecord before = KeyStoreContract.Record("k1", 1, policies: ["old"]);
        KeyRecord after = KeyStoreContract.Record("k1", 2, policies: ["new"]);
        await CreateAsync(before);
        await CrashAsync(after, before);
        if (isWritten)
        {
            await WriteAsync(after, StoredKey.BytesOf(1));
        }

        Assert.Equal(ofNew, await Store.CountAsync(new KeyFilter(PolicyId: "new"), CancellationToken.None));
        Assert.Equal(ofOld, await Store.CountAsync(new KeyFilter(PolicyId: "old"), CancellationToken.None));
        Assert.Equal(1, await Store.CountAsync(KeyFilter.All, CancellationToken.None));
    }

    [Fact]
    public async Task List_leaves_out_and_mends_what_is_in_a_set_without_a_mark()
    {
        await CreateAsync(KeyStoreContract.Record("k1", policies: ["gold"]));
        await CreateAsync(KeyStoreContract.Record("k2"));
        await Database.SortedSetAddAsync(Names.Index.OfPolicy("gold"), [new("k0", 0), new("k2", 0)]);

        Assert.Equal(["k1"], (await Store.ListAsync(new KeyFilter(PolicyId: "gold"), "", 10, CancellationToken.None)).Select(record => record.Key.Id));

        Assert.Equal(1, await Store.CountAsync(new KeyFilter(PolicyId: "gold"), CancellationToken.None));
        Assert.Equal(2, await Store.CountAsync(KeyFilter.All, CancellationToken.None));
    }

    [Fact]
    public async Task List_and_count_amid_a_create_take_nothing_from_it()
    {
        KeyRecord record = KeyStoreContract.Record("k1", policies: ["gold"]);
        KeyIndex index = _redis!.Get<KeyIndex>();
        KeyIndex.Mark mark = await index.BeginAsync("k1", index.SetsOf(record), index.SetsOf(record), CancellationToken.None);

        Assert.Empty(await Store.ListAsync(KeyFilter.All, "", 10, CancellationToken.None));
        await Store.CountAsync(KeyFilter.All, CancellationToken.None);
        await WriteAsync(record, "");
        await index.EndAsync(mark, record, CancellationToken.None);

        Assert.Equal(1, await Store.CountUsingAsync(["gold"], CancellationToken.None));
        Assert.Single(await Store.ListAsync(KeyFilter.All, "", 10, CancellationToken.None));
    }

    [Fact]
    public async Task A_write_that_ends_while_another_of_the_key_is_under_way_leaves_the_rest_to_it()
    {
        KeyRecord first = KeyStoreContract.Record("k1", 1, policies: ["p1"]);
        await CreateAsync(first);
        KeyIndex index = _redis!.Get<KeyIndex>();
        KeyRecord second = KeyStoreContract.Record("k1", 2, policies: ["p2"]);
        KeyRecord third = KeyStoreContract.Record("k1", 3, policies: ["p3"]);
        KeyIndex.Mark winner = await index.BeginAsync("k1", index.SetsOf(second), index.SetsOf(first).Union(index.SetsOf(second)), CancellationToken.None);
        KeyIndex.Mark loser = await index.BeginAsync("k1", index.SetsOf(third), index.SetsOf(first).Union(index.SetsOf(third)), CancellationToken.None);

        await WriteAsync(second, StoredKey.BytesOf(1));
        await index.EndAsync(winner, second, CancellationToken.None);
        await index.EndAsync(loser, CancellationToken.None);

        Assert.Equal(0, await Database.SortedSetLengthAsync(Names.Index.OfPolicy("p1")));
        Assert.Equal(1, await Database.SortedSetLengthAsync(Names.Index.OfPolicy("p2")));
        Assert.Equal(0, await Database.SortedSetLengthAsync(Names.Index.OfPolicy("p3")));
        Assert.False(await Database.KeyExistsAsync(Names.Index.Marks));
    }

    [Fact]
    public async Task Writers_of_the_same_keys_at_once_leave_the_index_as_the_records_say()
    {
        string[] ids = ["k1", "k2", "k3"];
        await Task.WhenAll(Enumerable.Range(1, 8).Select(seed => Task.Run(async () =>
        {
            Random random = new(seed);
            for (int i = 1; i <= 60; i++)
            {
                string id = ids[random.Next(3)];
                KeyRecord next = KeyStoreContract.Record(id, (ulong)(seed * 1_000 + i), policies: ["p" + random.Next(4)], tags: ["t" + random.Next(4)]);
                KeyRecord? stored = await Store.FindAsync(id, CancellationToken.None);
                _ = stored is null ? await Store.CreateAsync(next, CancellationToken.None)
                    : random.Next(4) == 0 ? await Store.DeleteAsync(id, random.Next(2) == 0 ? 0 : stored.Version, CancellationToken.None)
                    : await Store.ReplaceAsync(next, stored.Version, CancellationToken.None);
            }
        })));

        KeyRecord?[] records = await Task.WhenAll(ids.Select(id => Store.FindAsync(id, CancellationToken.None).AsTask()));
        for (int i = 0; i < 4; i++)
        {
            foreach ((RedisKey set, Func<KeyRecord, bool> belongs) in new (RedisKey, Func<KeyRecord, bool>)[]
                {
                    (Names.Index.OfPolicy("p" + i), record => record.Key.ApplyPolicies.Contains("p" + i)),
                    (Names.Index.OfTag("t" + i), record => record.Key.Tags.Contains("t" + i)),
                })
            {
                Assert.Equal(
                    records.Where(record => record is not null && belongs(record)).Select(record => record!.Key.Id),
                    (await Database.SortedSetRangeByRankAsync(set)).Select(id => id.ToString()));
            }
        }

        Assert.False(await Database.KeyExistsAsync(Names.Index.Marks));
    }

    [Fact]
    public async Task A_hash_whose_claimer_crashed_is_taken_over_once_its_time_is_over()
    {
        string hash = KeyStoreContract.Custom("c").ToText();
        await Database.StringSetAsync(Names.OfCustomHash(hash), "1 word k0");
        KeyRecord record = KeyStoreContract.Record("k1", hashes: KeyStoreContract.Custom("c"));

        Assert.Equal("k0", await Store.FindIdByHashAsync(hash, CancellationToken.None));
        await CreateAsync(record);

        Assert.Equal("k1", await Store.FindIdByHashAsync(hash, CancellationToken.None));
    }

    [Fact]
    public async Task A_hash_whose_claimer_may_still_write_stays_its_own()
    {
        string hash = KeyStoreContract.Custom("c").ToText();
        await Database.StringSetAsync(Names.OfCustomHash(hash), "9999999999999 word k0");

        Assert.False(await Store.CreateAsync(KeyStoreContract.Record("k1", hashes: KeyStoreContract.Custom("c")), CancellationToken.None));

        await WriteAsync(KeyStoreContract.Record("k0", hashes: KeyStoreContract.Custom("c")), "");
        Assert.Equal("k0", await Store.FindIdByHashAsync(hash, CancellationToken.None));
    }

    [Fact]
    public async Task A_hash_that_a_key_has_since_long_is_not_taken_over()
    {
        await CreateAsync(KeyStoreContract.Record("k0", hashes: KeyStoreContract.Custom("c")));
        string hash = KeyStoreContract.Custom("c").ToText();
        await Database.StringSetAsync(Names.OfCustomHash(hash), "1 word k0");

        Assert.False(await Store.CreateAsync(KeyStoreContract.Record("k1", hashes: KeyStoreContract.Custom("c")), CancellationToken.None));

        Assert.Equal("k0", await Store.FindIdByHashAsync(hash, CancellationToken.None));
    }

    [Fact]
    public async Task A_record_that_comes_too_late_is_not_written()
    {
        KeyRecord record = KeyStoreContract.Record("k1");
        RedisRecords records = _redis!.Get<RedisRecords>();
        long passed = (await records.ReadAsync("k1", CancellationToken.None)).EndsMs - (long)records.WriteTime.TotalMilliseconds;

        StoreException late = await Assert.ThrowsAsync<StoreException>(
            async () => await records.WriteAsync(record, KeyRecordFormat.Write(record), "", passed));

        Assert.Contains("nothing was changed", late.Message);
        Assert.Null(await Store.FindAsync("k1", CancellationToken.None));
        await CreateAsync(record);
        await Assert.ThrowsAsync<StoreException>(async () => await records.DeleteAsync("k1", "", passed));
        Assert.NotNull(await Store.FindAsync("k1", CancellationToken.None));
    }

    private async Task CreateAsync(KeyRecord record) => Assert.True(await Store.CreateAsync(record, CancellationToken.None));

    private async Task WriteAsync(KeyRecord record, RedisValue expectedVersion)
    {
        RedisRecords records = _redis!.Get<RedisRecords>();
        long endsMs = (await records.ReadAsync(record.Key.Id, CancellationToken.None)).EndsMs;
        Assert.True(await records.WriteAsync(record, KeyRecordFormat.Write(record), expectedVersion, endsMs));
    }

    // A write that was begun long ago: its mark's time is over.
    private async Task CrashAsync(KeyRecord next, KeyRecord? before)
    {
        KeyIndex index = _redis!.Get<KeyIndex>();
        KeyIndex.Mark mark = await index.BeginAsync(
            next.Key.Id, index.SetsOf(next), index.SetsOf(next).Union(index.SetsOf(before)), CancellationToken.None);
        string sets = string.Join(',', mark.Sets.Select(set => $"\"{set}\":1"));
        await Database.HashSetAsync(Names.Index.Marks, next.Key.Id, $$$"""{"s":{{{mark.Number}}},"w":{"{{{mark.Word}}}":1},"n":{{{{sets}}}}}""");
    }
}
