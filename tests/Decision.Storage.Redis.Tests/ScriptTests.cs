using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests;

public class ScriptTests
{
    [Fact]
    public async Task A_server_that_forgot_the_scripts_gets_the_text_once()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(redis);
        await PutAsync(store, 1);

        await redis.CommandAsync("SCRIPT", "FLUSH");
        await redis.CommandAsync("CONFIG", "RESETSTAT");
        await PutAsync(store, 2);
        await PutAsync(store, 3);

        string[] calls = (await redis.CommandAsync("INFO", "commandstats")).Split('\n');
        Assert.StartsWith("cmdstat_eval:calls=1,", Assert.Single(calls, line => line.StartsWith("cmdstat_eval:", StringComparison.Ordinal)));
        Assert.StartsWith("cmdstat_evalsha:calls=2,", Assert.Single(calls, line => line.StartsWith("cmdstat_evalsha:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_script_that_is_not_there_is_told() =>
        Assert.Contains("nothing.lua", Assert.Throws<ArgumentException>(() => RedisScript.Load("nothing.lua")).Message);

    private static async Task PutAsync(RedisStore store, long revision) => Assert.True(await store.Get<IDocumentStore>().PutAsync(
        new Document(DocumentKind.Policy, "gold", revision, "e", "{}"u8.ToArray(), 5), "", "update", CancellationToken.None));
}
