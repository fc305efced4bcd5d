using System.Collections.Concurrent;
using Decision.Runtime.Stores;
using Decision.TestKit;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests;

public class DurabilityTests
{
    [Fact]
    public async Task What_was_acknowledged_outlives_a_killed_Redis_that_keeps_every_write()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        ConcurrentDictionary<string, KeyRecord> keys = [];
        ConcurrentDictionary<string, Document> documents = [];
        ConcurrentBag<string> deleted = [];
        TaskCompletionSource enough = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (RedisStore store = await RedisStore.OpenAsync(redis))
        {
            Task[] writers = [.. Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
            {
                try
                {
                    for (int i = 0; ; i++)
                    {
                        string id = $"w{writer}i{i}";
                        KeyRecord record = KeyStoreContract.Record(id, 1, policies: ["gold"], hashes: KeyStoreContract.Custom(id));
                        Assert.True(await store.Get<IKeyStore>().CreateAsync(record, CancellationToken.None));
                        keys[id] = record;
                        Document document = new(DocumentKind.Policy, id, 1, "e1", "{}"u8.ToArray(), 5);
                        Assert.True(await store.Get<IDocumentStore>().PutAsync(document, null, "create", CancellationToken.None));
                        documents[id] = document;
                        if (i % 5 == 4)
                        {
                            string gone = $"w{writer}i{i - 3}";
                            keys.TryRemove(gone, out _);
                            Assert.True(await store.Get<IKeyStore>().DeleteAsync(gone, 1, CancellationToken.None));
                            deleted.Add(gone);
                        }

                        if (keys.Count >= 100)
                        {
                            enough.TrySetResult();
                        }
                    }
                }
                catch (StoreException)
                {
                    // Redis is gone.
                }
            }))];
            await Task.WhenAny(enough.Task, Task.WhenAll(writers));
            await redis.KillAsync();
            await Task.WhenAll(writers);
        }

        await redis.RestartAsync();
        await using RedisStore after = await RedisStore.OpenAsync(redis);
        IKeyStore stored = after.Get<IKeyStore>();
        Assert.True(keys.Count >= 100);
        foreach ((string id, KeyRecord record) in keys)
        {
            Assert.Equal(KeyRecordFormat.Write(record), KeyRecordFormat.Write(Assert.IsType<KeyRecord>(await stored.FindAsync(id, CancellationToken.None))));
            Assert.Equal(id, await stored.FindIdByHashAsync(record.Hashes[0].ToText(), CancellationToken.None));
            Assert.NotNull(await after.Get<IDocumentStore>().FindAsync(DocumentKind.Policy, documents.GetValueOrDefault(id)?.Id ?? keys.Keys.First(documents.ContainsKey), CancellationToken.None));
        }

        Assert.All(
            await Task.WhenAll(deleted.Select(id => stored.FindAsync(id, CancellationToken.None).AsTask())),
            Assert.Null);
        IReadOnlyList<KeyRecord> listed = await stored.ListAsync(KeyFilter.All, "", 10_000, CancellationToken.None);
        Assert.Superset(keys.Keys.ToHashSet(), listed.Select(record => record.Key.Id).ToHashSet());
    }
}
