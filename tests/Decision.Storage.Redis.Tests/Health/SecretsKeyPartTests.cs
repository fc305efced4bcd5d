using System.Text;
using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Decision.TestKit;
using Decision.TestKit.Redis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests.Health;

/// <summary>Replicas whose Secrets:Key differ are found, and go on with what does not need it.</summary>
public class SecretsKeyPartTests(SharedRedis shared)
{
    private const string OneKey = "a-secrets-key-that-all-replicas-share";
    private const string OtherKey = "another-secrets-key-of-one-replica";

    private readonly string _prefix = SharedRedis.NewPrefix();
    private readonly RecordingLog<RedisSecretsKeyPart> _log = new();

    [Fact]
    public async Task Replicas_with_the_same_key_have_no_problem()
    {
        await using RedisStore one = await OpenAsync(OneKey);
        Assert.Null(await CheckAsync(one));
        await using RedisStore other = await OpenAsync(OneKey);
        Assert.Null(await CheckAsync(other));
        Assert.Empty(_log.Lines);
    }

    [Fact]
    public async Task A_replica_with_another_key_says_what_to_set_and_decides_all_the_same()
    {
        await using RedisStore one = await OpenAsync(OneKey);
        Assert.Null(await CheckAsync(one));
        await using RedisStore other = await OpenAsync(OtherKey);

        string? problem = await CheckAsync(other);
        Assert.Equal(problem, await CheckAsync(other));

        Assert.Contains("Secrets:Key is not the one that this Redis was first used with", problem);
        Assert.Contains("Set the same Secrets:Key on every replica", problem);
        Assert.Contains($"delete {_prefix}1:{{catalog}}:secrets-key", problem);
        Assert.Equal([(LogLevel.Error, "RedisSecretsKeyWrong", problem!)], _log.Lines);
        Assert.Null(await CheckAsync(one));
        Assert.True(await other.Get<IKeyStore>().CreateAsync(KeyStoreContract.Record("k1", 7), CancellationToken.None));
        Spending spending = Spend(Rate(Key("k1"), "rate", 5)) with { KeyId = "k1", KeyVersion = 7 };
        Assert.Equal(SpendStatus.Done, (await other.Get<ICounterStore>().SpendAsync(spending, CancellationToken.None)).Status);
    }

    [Fact]
    public async Task A_replica_without_a_key_is_told_where_others_have_one_and_leaves_nothing_itself()
    {
        await using RedisStore none = await OpenAsync(null);
        Assert.Null(await CheckAsync(none));
        await using RedisStore one = await OpenAsync(OneKey);
        Assert.Null(await CheckAsync(one));

        string? problem = await CheckAsync(none);

        Assert.Contains("Secrets:Key is not set here, but it is on other replicas", problem);
        Assert.Equal([(LogLevel.Error, "RedisSecretsKeyWrong", problem!)], _log.Lines);
    }

    [Fact]
    public async Task Of_replicas_that_begin_at_once_with_two_keys_one_kind_is_told()
    {
        RedisStore[] stores = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => OpenAsync(i % 2 == 0 ? OneKey : OtherKey)));

        string?[] problems = await Task.WhenAll(stores.Select(CheckAsync));

        bool[] isTold = [.. problems.Select(problem => problem is not null)];
        Assert.Equal(Enumerable.Range(0, 6).Select(i => isTold[i % 2]), isTold);
        Assert.NotEqual(isTold[0], isTold[1]);
        foreach (RedisStore store in stores)
        {
            await store.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_key_that_is_changed_on_purpose_is_taken_once_the_name_is_deleted()
    {
        await using (RedisStore before = await OpenAsync(OneKey))
        {
            Assert.Null(await CheckAsync(before));
        }

        await using RedisStore after = await OpenAsync(OtherKey);
        Assert.NotNull(await CheckAsync(after));
        await after.Connection.Database.KeyDeleteAsync(after.Get<RedisKeys>().Catalog.SecretsKey);

        Assert.Null(await CheckAsync(after));

        await using RedisStore forgotten = await OpenAsync(OneKey);
        Assert.NotNull(await CheckAsync(forgotten));
    }

    [Fact]
    public async Task It_is_checked_at_each_connection_and_a_Redis_that_does_not_answer_changes_nothing()
    {
        await using RedisServer redis = await RedisServer.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using RedisStore one = await OpenAsync(OneKey, redis.Address);
        Assert.Null(await CheckAsync(one));
        await using RedisStore other = await OpenAsync(OtherKey, redis.Address);
        Assert.NotNull(await CheckAsync(other));
        await redis.KillAsync();

        Assert.NotNull(await CheckAsync(other));
        Assert.NotNull(await CheckAsync(other));
        Assert.Contains("RedisSecretsKeyUnread", _log.Names);
        Assert.Single(_log.Names, name => name == "RedisSecretsKeyWrong");

        TaskCompletionSource isRight = new(TaskCreationOptions.RunContinuationsAsynchronously);
        RedisSecretsKeyPart part = PartOf(other);
        part.Checked += () =>
        {
            if (_log.Names.Count(name => name == "RedisSecretsKeyWrong") > 1)
            {
                isRight.TrySetResult();
            }
        };
        await redis.RestartAsync();
        await redis.CommandAsync("SET", _prefix + "1:{catalog}:secrets-key", RedisSecretsKeyPart.FingerprintOf(Encoding.UTF8.GetBytes(OtherKey)));
        await Until(async () => await CheckAsync(other) is null);
        await redis.CommandAsync("SET", _prefix + "1:{catalog}:secrets-key", "third");
        await redis.CommandAsync("CLIENT", "KILL", "TYPE", "normal");

        // Nobody asks for it: the new connection does.
        await isRight.Task;
    }

    [Fact]
    public void The_fingerprint_stays_the_same_in_every_version() =>
        Assert.Equal("595fcb69fb69088d0d57e081051bc472", RedisSecretsKeyPart.FingerprintOf(Encoding.UTF8.GetBytes(OneKey)));

    private static RedisSecretsKeyPart PartOf(RedisStore store) =>
        (RedisSecretsKeyPart)Assert.Single(store.Get<IEnumerable<IStatusPart>>(), part => part.Name == "secrets-key");

    // Asks as readiness does, and waits for what comes of it.
    private static async Task<string?> CheckAsync(RedisStore store)
    {
        RedisSecretsKeyPart part = PartOf(store);
        for (int i = 0; i < 2; i++)
        {
            // A check may be under way already; the second one began after it was asked for.
            TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
            void See() => seen.TrySetResult();
            part.Checked += See;
            _ = part.Problem;
            await seen.Task;
            part.Checked -= See;
        }

        return part.Problem;
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        for (int i = 0; !await condition(); i++)
        {
            Assert.True(i < 100_000, "It did not become so.");
        }
    }

    private Task<RedisStore> OpenAsync(string? key, string? address = null) => RedisStore.OpenAsync(
        address ?? shared.Server.Address,
        options =>
        {
            options.Prefix = _prefix;
            options.SecretsKey = key is null ? null : Encoding.UTF8.GetBytes(key);
        },
        services => services.AddSingleton<ILogger<RedisSecretsKeyPart>>(_log));
}
