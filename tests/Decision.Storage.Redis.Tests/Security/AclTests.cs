using Decision.Engine.Charges;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Documents;
using Decision.Storage.Redis.Tests.Changes;
using Decision.Storage.Redis.Trimming;
using Decision.TestKit;
using Decision.TestKit.Redis;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests.Security;

public class AclTests
{
    // All that keys, documents, their changes, counters, their trimming, health and the checks of settings need, and nothing else: the test counts. Without +config and +info the checks are left out, without +fcall and +function|load decisions are scripts; +cluster
    // is for Redis Cluster, and the names and channels are those of Redis:Prefix.
    private static readonly string[] Rules =
    [
        "resetkeys", "~decision:*", "resetchannels", "&decision:*", "-@all",
        "+hello", "+ping", "+echo", "+client|setname", "+client|id", "+cluster|nodes", "+cluster|slots", "+info", "+config|get",
        "+eval", "+evalsha", "+fcall", "+function|load", "+time", "+publish", "+subscribe", "+unsubscribe",
        "+get", "+set", "+del", "+unlink", "+exists", "+persist", "+pexpire", "+scan",
        "+hget", "+hmget", "+hset", "+hdel", "+hgetall", "+hscan", "+hkeys", "+hexists",
        "+zadd", "+zrem", "+zcard", "+zscore", "+zrange", "+zlexcount",
        "+sadd", "+smembers", "+xadd", "+xrange", "+xrevrange", "+xtrim", "+xinfo|stream",
    ];

    [Fact]
    public async Task A_user_with_the_rights_that_the_store_needs_can_do_everything()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes");
        Assert.Equal("OK", await redis.CommandAsync(["ACL", "SETUSER", "decision", "on", ">p", .. Rules]));
        Assert.Equal("OK", await redis.CommandAsync("ACL", "SETUSER", "default", "-@all", "+auth", "+acl|log", "+info"));
        await using RedisStore store = await RedisStore.OpenAsync(
            redis.Address + ",user=decision,password=p", options => options.SecretsKey = "a-key-of-sixteen"u8.ToArray());
        RecordingListener listener = new();
        store.Get<IChangeFeed>().Subscribe(listener);
        await listener.WaitAsync("connected");
        IKeyStore keys = store.Get<IKeyStore>();
        IDocumentStore documents = store.Get<IDocumentStore>();

        Assert.True(await keys.CreateAsync(KeyStoreContract.Record("k1", 1, "o", policies: ["p1", "p2"], hashes: KeyStoreContract.Custom("c")), CancellationToken.None));
        Assert.Equal("key k1", await listener.NextAsync());
        Assert.True(await keys.CreateAsync(KeyStoreContract.Record("k2", 1, "o", policies: ["p2"]), CancellationToken.None));
        Assert.Equal("k1", await keys.FindIdByHashAsync(KeyStoreContract.Custom("c").ToText(), CancellationToken.None));
        Assert.True(await keys.ReplaceAsync(KeyStoreContract.Record("k1", 2, "o", policies: ["p1"]), 1, CancellationToken.None));
        Assert.Single(await keys.ListAsync(new KeyFilter("o", "p1"), "", 10, CancellationToken.None));
        Assert.Equal(1, await keys.CountAsync(new KeyFilter("o", "p1"), CancellationToken.None));
        Assert.Equal(2, await keys.CountUsingAsync(["p1", "p2"], CancellationToken.None));
        Assert.True(await keys.DeleteAsync("k1", 0, CancellationToken.None));

        // So many policies that their keys are counted in parts.
        string[] policies = [.. Enumerable.Range(0, 400).Select(i => "many" + i)];
        for (int i = 0; i < 6; i++)
        {
            Assert.True(await keys.CreateAsync(KeyStoreContract.Record("m" + i, policies: policies), CancellationToken.None));
        }

        Assert.Equal(6, await keys.CountUsingAsync(policies, CancellationToken.None));
        Assert.True(await documents.PutAsync(new Document(DocumentKind.Policy, "gold", 1, "e1", "{}"u8.ToArray(), 5), null, "create", CancellationToken.None));
        Assert.Single(await documents.LoadAsync(DocumentKind.Policy, CancellationToken.None));
        Assert.True(await documents.DeleteAsync(DocumentKind.Policy, "gold", "", 5, CancellationToken.None));
        Assert.Equal(2, (await documents.RevisionsAsync(DocumentKind.Policy, "gold", 0, 10, CancellationToken.None)).Count);
        Assert.Single(await store.Get<RedisDocumentStore>().ListIdsAsync(DocumentKind.Policy, CancellationToken.None));
        await AuditAsync(store.Get<IAuditStore>());
        await CountAsync(store);
        Assert.NotNull(await store.Get<CounterTrim>().SweepAsync(CancellationToken.None));
        Assert.Null(await Assert.Single(store.Get<IEnumerable<IStoreHealth>>()).CheckAsync(CancellationToken.None));
        await store.Get<RedisSettingsPart>().CheckAsync();
        Assert.Null(store.Get<RedisSettingsPart>().Problem);

        string refused = await redis.CommandAsync("ACL", "LOG");
        Assert.True(refused.Length == 0, refused);
        string[] called = [.. (await redis.CommandAsync("INFO", "commandstats")).Split('\n').Select(line => line.Split('_', 2)[^1].Split(':')[0])];

        // Needed only where the library lost a subscription, which happens when it happens.
        Assert.Empty(Rules.Where(rule => rule.StartsWith('+')).Select(rule => rule[1..]).Except([.. called, "unsubscribe"]));
    }

    private static async Task AuditAsync(IAuditStore audit)
    {
        await audit.BeginAsync(new BegunAct("a", 1, "[]"u8.ToArray()), CancellationToken.None);
        await audit.DropAsync("a", CancellationToken.None);
        AuditRecord record = new(1, 5, "h", "{}"u8.ToArray());
        Assert.True(await audit.AppendAsync(AuditHead.None, [record], "", CancellationToken.None));
        Assert.Single(await audit.ReadAsync(0, 10, CancellationToken.None));
        Assert.Single(await audit.ReadBackAsync(0, 10, CancellationToken.None));
        Assert.Empty(await audit.BegunAsync(9, CancellationToken.None));
        await audit.PruneAsync(record.Head, CancellationToken.None);
        Assert.Equal(record.Head, await audit.AnchorAsync(CancellationToken.None));
    }

    private static async Task CountAsync(RedisStore store)
    {
        ICounterStore counters = store.Get<ICounterStore>();
        Charge rate = Rate(Key("k2"), "rate", 5);
        Charge quota = Quota(new Subject(SubjectKind.Organization, "o"), "quota", 5);
        Spending spending = Spend(rate, quota) with { KeyId = "k2", KeyVersion = 1, IdempotencyKey = "once" };
        Assert.Equal(SpendStatus.Done, (await counters.SpendAsync(spending, CancellationToken.None)).Status);
        Assert.True((await counters.SpendAsync(spending, CancellationToken.None)).IsReplay);
        Assert.Equal([1L, 1L], (await counters.ReadAsync([rate, quota], CancellationToken.None)).Select(reading => reading.Used));
        await counters.AdjustAsync(quota, 1, CancellationToken.None);
        ICounterTransfer transfer = store.Get<ICounterTransfer>();
        List<StoredCounter> exported = [];
        await foreach (StoredCounter counter in transfer.ExportAsync(CancellationToken.None))
        {
            exported.Add(counter);
        }

        Assert.Equal(2, exported.Count);
        await counters.ResetAsync([rate], CancellationToken.None);
        await transfer.ImportAsync(exported, CancellationToken.None);
        await counters.DeleteSubjectAsync(rate.Counter.Subject, CancellationToken.None);
        await counters.DeleteSubjectAsync(quota.Counter.Subject, CancellationToken.None);
    }

    [Fact]
    public async Task A_user_that_may_not_tell_changes_writes_none()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await redis.CommandAsync("ACL", "SETUSER", "mute", "on", ">p", "~*", "+@all", "resetchannels");
        await using RedisStore store = await RedisStore.OpenAsync(redis.Address + ",user=mute,password=p");

        StoreException refused = await Assert.ThrowsAsync<StoreException>(
            async () => await store.Get<IKeyStore>().CreateAsync(KeyStoreContract.Record("k1"), CancellationToken.None));

        Assert.Contains("ACL", refused.Message);
        Assert.Null(await store.Get<IKeyStore>().FindAsync("k1", CancellationToken.None));
    }
}
