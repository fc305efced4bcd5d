using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Counters;
using Decision.TestKit;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Tests;

/// <summary>Several who ask for the same in one call are told, and leave behind, what they would be told one after the other.</summary>
public class RepeatedSpendingTests(SharedRedis shared)
{
    private long _nowUs = 1_793_620_800_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Asked_for_together_is_as_one_after_the_other(int seed)
    {
        await using RedisStore redis = await RedisStore.OpenAsync(
            shared.Server, options => options.Prefix = SharedRedis.NewPrefix(), services => services.AddSingleton(new ScriptClock(() => _nowUs)));
        RedisKeys names = redis.Get<RedisKeys>();
        IDatabase database = redis.Connection.Multiplexer.GetDatabase();
        Random random = new(seed);
        Func<string, Charge>[] charges = Draw(random);
        int spent = 0, refused = 0;
        for (int step = 0; step < 400; step++)
        {
            if (random.Next(60) == 0)
            {
                charges = Draw(random);
            }

            _nowUs += random.Next(5) switch { 0 => 0, 1 => 3_000_000, 2 => -20_000, _ => random.NextInt64(0, 400_000) };
            int count = random.Next(1, 12);
            long cost = random.Next(6) switch { 1 => random.Next(1, 40), _ => random.Next(1, 4) };
            Spending Of(string side) => new()
            {
                Charges = TestCharges.List([.. charges.Select(charge => charge(side))]),
                Cost = cost,
                Costs = step % 7 == 0 ? [.. charges.Select((_, i) => 1 + ((cost + i) % 4))] : null,
                IsPeek = step % 11 == 0,
            };

            SpendResult[] together = await AskAsync(database, names, Of("a"), [count]);
            SpendResult[] apart = await AskAsync(database, names, Of("b"), [.. Enumerable.Repeat(1, count)]);

            for (int i = 0; i < count; i++)
            {
                LimitTest[] expected = OutcomesOf(apart[i], charges.Length), told = OutcomesOf(together[i], charges.Length);
                Assert.True(expected.SequenceEqual(told), $"step {step}, {i + 1} of {count}: {string.Join("; ", expected)} is expected, {string.Join("; ", told)} came");
                (spent, refused) = expected.Any(outcome => outcome.Refused) ? (spent, refused + 1) : (spent + 1, refused);
            }

            foreach (SubjectKind kind in new[] { SubjectKind.Organization, SubjectKind.Key })
            {
                Assert.Equal(await StoredAsync(database, names.OfSubject(new Subject(kind, "b"))), await StoredAsync(database, names.OfSubject(new Subject(kind, "a"))));
            }
        }

        Assert.True(spent > 200, $"{spent} were spent");
        Assert.True(refused > 200, $"{refused} were refused");
    }

    [Fact]
    public async Task A_call_with_busy_and_idle_keys_gives_each_its_own_answer()
    {
        await using RedisStore redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());
        ICounterStore counters = redis.Get<ICounterStore>();
        Charge Of(int key) => TestCharges.Rate(TestCharges.Key($"k{key}"), "rate", key == 0 ? 100 : 3);

        // Charges as a key's grant holds them: the same objects for each of its requests.
        Charge[] charges = [.. Enumerable.Range(0, 40).Select(Of)];
        var asked = await Task.WhenAll(Enumerable.Range(0, 800).Select(i => Task.Run(async () =>
        {
            int key = i % 2 == 0 ? 0 : i / 2 % 40;
            return (key, result: await counters.SpendAsync(TestCharges.Spend(charges[key]), CancellationToken.None));
        })));

        foreach (var group in asked.GroupBy(each => each.key))
        {
            long[] used = [.. group.Where(each => !each.result.Outcomes[0].Refused).Select(each => each.result.Outcomes[0].Used).Order()];
            Assert.Equal(Enumerable.Range(1, group.Key == 0 ? 100 : 3).Select(i => (long)i), used);
        }
    }

    private static LimitTest[] OutcomesOf(SpendResult result, int count) => [.. Enumerable.Range(0, count).Select(i => result.Outcomes[i])];

    private static Func<string, Charge>[] Draw(Random random) =>
    [
        .. Enumerable.Range(0, random.Next(1, 4)).Select<int, Func<string, Charge>>(i =>
        {
            bool isQuota = random.Next(3) == 0;
            bool isShadow = random.Next(4) == 0;
            SubjectKind kind = random.Next(2) == 0 ? SubjectKind.Organization : SubjectKind.Key;
            int max = random.Next(5) == 0 ? 2_000 : random.Next(5, 60);
            RateLimit rate = new((RateAlgorithm)random.Next(4), max, random.Next(1, 4) * 1_000_000, random.Next(2) * 30);
            QuotaLimit quota = new(max, 6_000_000, random.Next(2) == 0 ? QuotaPeriod.Rolling : QuotaPeriod.Hour, TimeZoneInfo.Utc);
            return side => isQuota
                ? new Charge(new CounterKey(new Subject(kind, side), $"quota/{i}"), quota, Reason.QuotaExceeded, "key", Origin.OfKey("quota_max")) { IsShadow = isShadow }
                : new Charge(new CounterKey(new Subject(kind, side), $"rate/{i}"), rate, Reason.RateLimited, "key", Origin.OfKey("rate")) { IsShadow = isShadow };
        }),
    ];

    private async Task<SpendResult[]> AskAsync(IDatabase database, RedisKeys names, Spending spending, int[] counts)
    {
        SpendingSubjects subjects = SpendingSubjects.Of(spending);
        RedisKey[] keys = SpendingWriter.Keys(spending, subjects, names);
        RedisValue bytes = SpendingWriter.Write(spending, subjects, _nowUs);
        byte[] answer = await DecideScript.EvaluateAsync(
            database,
            [.. Enumerable.Repeat(keys, counts.Length).SelectMany(each => each)],
            [_nowUs.ToString(System.Globalization.CultureInfo.InvariantCulture), counts.Select(count => (byte)count).ToArray(), .. Enumerable.Repeat(bytes, counts.Length)]);
        SpendResult[] results = new SpendResult[counts.Sum()];
        SpendingReply reply = new(answer);
        for (int i = 0; i < results.Length; i++)
        {
            Assert.Equal(SpendingReplyStatus.Done, reply.Next(spending, out results[i]));
        }

        return results;
    }

    // All but the name of the subject.
    private static async Task<string[]> StoredAsync(IDatabase database, RedisKey name) =>
    [
        .. (await database.HashGetAllAsync(name))
            .Where(field => field.Name != "s")
            .Select(field => $"{field.Name} {Convert.ToHexString((byte[])field.Value!)}")
            .Order(StringComparer.Ordinal),
    ];
}
