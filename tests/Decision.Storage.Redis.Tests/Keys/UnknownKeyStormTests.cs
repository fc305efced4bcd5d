using System.Diagnostics;
using System.Globalization;
using Decision.Engine;
using Decision.Engine.Credentials;
using Decision.Runtime.Decisions;
using Decision.Runtime.Hosting;
using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Keys;

/// <summary>Keys that nobody has, as Redis counts what they cost it.</summary>
public sealed class UnknownKeyStormTests
{
    [Fact]
    public async Task Ten_thousand_unknown_keys_asked_for_again_and_again_are_read_once_a_second_each()
    {
        const int keys = 10_000, times = 5;
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(
            redis,
            options => options.Timeout = TimeSpan.FromSeconds(10),
            services => services.AddDecisionRuntime(options => options.SecretsKey = new byte[32]));
        DecisionRuntime runtime = store.Get<DecisionRuntime>();
        string[] tokens = [.. Enumerable.Range(0, keys).Select(Token)];
        long before = await ReadsAsync(redis);
        Stopwatch watch = Stopwatch.StartNew();

        for (int again = 0; again < times; again++)
        {
            await AskAsync(runtime, tokens);
        }

        // A read at the start of each second that has begun.
        int seconds = (int)watch.Elapsed.TotalSeconds + 1;
        Assert.InRange(await ReadsAsync(redis) - before, keys, keys * seconds);
    }

    [Fact]
    public async Task A_hundred_requests_with_one_unknown_key_at_once_are_one_read()
    {
        await using RedisServer redis = await RedisServer.StartAsync();
        await using RedisStore store = await RedisStore.OpenAsync(
            redis,
            options => options.Timeout = TimeSpan.FromSeconds(10),
            services => services.AddDecisionRuntime(options => options.SecretsKey = new byte[32]));
        long before = await ReadsAsync(redis);
        Stopwatch watch = Stopwatch.StartNew();

        await AskAsync(store.Get<DecisionRuntime>(), [.. Enumerable.Repeat(Token(1), 100)]);

        Assert.InRange(await ReadsAsync(redis) - before, 1, (int)watch.Elapsed.TotalSeconds + 1);
    }

    private static async Task AskAsync(DecisionRuntime runtime, string[] tokens)
    {
        foreach (string[] some in tokens.Chunk(100))
        {
            Verdict[] verdicts = await Task.WhenAll(some.Select(token => Task.Run(async () => await runtime.DecideAsync(
                new DecisionCall { Request = new AccessRequest("orders", "GET", "/"), ApiKey = token }, CancellationToken.None))));
            Assert.All(verdicts, verdict => Assert.Equal(Reason.KeyUnknown, verdict.Reason));
        }
    }

    private static string Token(int number)
    {
        byte[] random = new byte[KeyToken.IdRandomLength];
        BitConverter.TryWriteBytes(random.AsSpan(KeyToken.IdRandomLength - sizeof(int)), number);
        return KeyToken.Create(KeyToken.CreateId(random), new byte[KeyToken.SecretRandomLength]);
    }

    private static async Task<long> ReadsAsync(RedisServer redis) => (await redis.CommandAsync("INFO", "commandstats")).Split('\n')
        .Where(line => line.StartsWith("cmdstat_hmget:", StringComparison.Ordinal) || line.StartsWith("cmdstat_hgetall:", StringComparison.Ordinal))
        .Sum(line => long.Parse(line.Split("calls=")[1].Split(',')[0], CultureInfo.InvariantCulture));
}
