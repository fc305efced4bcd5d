using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Counters;
using Decision.TestKit;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Tests;

/// <summary>
/// Spendings of all sorts in one call of the function, of keys that come once and of keys that come again, are told and leave behind what they would one
/// by one: the script has a shorter way for the usual ones, and a function keeps its tables from call to call.
/// </summary>
public class BatchTests(SharedRedis shared)
{
    private const ulong Version = 7;
    private const int Keys = 5;

    private static readonly RedisFunction Function = RedisFunction.Load("batch", RedisScript.WithLimits("decide.lua", "decide-kept.lua"));

    private long _nowUs = 1_793_620_800_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4, Traits = ["Run", "full"])]
    [InlineData(5, Traits = ["Run", "full"])]
    public async Task A_batch_is_as_its_spendings_one_by_one(int seed)
    {
        await using RedisStore redis = await RedisStore.OpenAsync(shared.Server, options => options.Prefix = SharedRedis.NewPrefix());
        RedisKeys names = redis.Get<RedisKeys>();
        IDatabase database = redis.Connection.Multiplexer.GetDatabase();
        await database.ExecuteAsync("FUNCTION", "LOAD", "REPLACE", Function.Library);
        Random random = new(seed);
        Dictionary<string, int> told = [];
        var (plans, unitUs) = Draw(random);
        foreach (string side in new[] { "a", "b" })
        {
            for (int key = 0; key < Keys; key++)
            {
                byte[] version = new byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(version, Version);
                await database.HashSetAsync(names.OfSubject(new Subject(SubjectKind.Key, $"{side}{key}")), "v", version);
            }
        }

        for (int step = 0; step < 500; step++)
        {
            if (random.Next(40) == 0)
            {
                (plans, unitUs) = Draw(random);
            }

            // Also to the microsecond what a unit takes to be free in a bucket, and what entries of a log are apart at least.
            _nowUs += random.Next(10) switch
            {
                0 => 0,
                1 => 3_000_000,
                2 => -20_000,
                3 or 4 => unitUs,
                5 => 977,
                6 => random.NextInt64(0, 900),
                _ => random.NextInt64(0, 60_000),
            };
            if (random.Next(10) == 0)
            {
                await LeaseAsync(database, names, random);
            }

            var batch = Enumerable.Range(0, random.Next(1, 10)).Select(_ => DrawAsked(random, plans)).ToList();

            string[] together = await AskAsync(database, names, [.. batch.Select(each => (each.Of("a"), each.Count))], hasFunction: true);
            List<string> apart = [];
            foreach (var spending in batch.SelectMany(each => Enumerable.Repeat(each.Of, each.Count)))
            {
                apart.AddRange(await AskAsync(database, names, [(spending("b"), 1)], hasFunction: false));
            }

            Assert.True(apart.SequenceEqual(together), $"step {step}:\n{string.Join('\n', apart)}\nare expected, and came\n{string.Join('\n', together)}");
            for (int key = 0; key < Keys; key++)
            {
                Assert.Equal(
                    await StoredAsync(database, names.OfSubject(new Subject(SubjectKind.Key, $"b{key}"))),
                    await StoredAsync(database, names.OfSubject(new Subject(SubjectKind.Key, $"a{key}"))));
            }

            Assert.Equal(
                await StoredAsync(database, names.OfSubject(new Subject(SubjectKind.Organization, "b"))),
                await StoredAsync(database, names.OfSubject(new Subject(SubjectKind.Organization, "a"))));
            foreach (string answer in together)
            {
                string kind = answer.Contains("Refused = True", StringComparison.Ordinal) ? "refused" : answer[..answer.IndexOf(' ', StringComparison.Ordinal)];
                told[kind] = told.GetValueOrDefault(kind) + 1;
            }
        }

        Assert.True(told["Done"] > 500 && told["refused"] > 100 && told["KeyChanged"] > 20, string.Join(", ", told));
    }

    // Units of a key's rate that a replica holds, until a moment that may be past; as leases.lua reads it.
    private async Task LeaseAsync(IDatabase database, RedisKeys names, Random random)
    {
        byte[] lease = [4, 0, .. "rate"u8, .. "replica1"u8, .. new byte[5 * sizeof(double)]];
        long endsUs = _nowUs + random.NextInt64(-100_000, 500_000);
        double[] numbers = [1, 0, random.Next(1, 6), endsUs, endsUs + 6_000_000];
        for (int i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(lease.AsSpan(lease.Length - ((numbers.Length - i) * sizeof(double))), numbers[i]);
        }

        int key = random.Next(Keys);
        foreach (string side in new[] { "a", "b" })
        {
            await database.HashSetAsync(names.OfSubject(new Subject(SubjectKind.Key, $"{side}{key}")), "l", lease);
        }
    }

    private static (Func<string, Spending> Of, int Count) DrawAsked(Random random, Func<string, Charge[]>[] plans)
    {
        Func<string, Charge[]> plan = plans[random.Next(plans.Length)];
        int key = random.Next(Keys), sort = random.Next(12), name = random.Next(1_000_000);
        long cost = random.Next(6) == 0 ? random.Next(1, 40) : random.Next(1, 3);

        // Those with an idempotency key are not asked for together.
        int count = sort != 1 && random.Next(4) == 0 ? random.Next(2, 6) : 1;
        return (side => new Spending
        {
            Charges = TestCharges.List(plan($"{side}{key}")),
            Cost = cost,
            IsPeek = sort == 0,
            IdempotencyKey = sort == 1 ? $"n{name % 50}" : null,
            RequestHash = 9,
            KeyId = $"{side}{key}",
            KeyVersion = sort switch { 2 => Version + 1, 3 => 0, _ => Version },
        }, count);
    }

    // Three plans that keys share: the first of a rate and a quota alone, as most are; all of them name the same counters.
    private static (Func<string, Charge[]>[] Plans, long UnitUs) Draw(Random random)
    {
        var (first, second, third) = (DrawRate(random), DrawRate(random), DrawRate(random));
        if (random.Next(2) == 0)
        {
            second = new RateLimit(first.Algorithm, first.Max + 3, first.PeriodUs, 0);
        }

        QuotaLimit quota = new(random.Next(20, 300), 4_000_000, random.Next(2) == 0 ? QuotaPeriod.Rolling : QuotaPeriod.Hour, TimeZoneInfo.Utc);
        bool isShadow = random.Next(3) == 0;
        Func<string, Charge[]>[] plans =
        [
            key => [Rate(SubjectKind.Key, key, "rate", first, false), Quota(key, quota)],
            key => [Rate(SubjectKind.Key, key, "rate", second, isShadow), Rate(SubjectKind.Key, key, "rate/other", third, false)],
            key => [Rate(SubjectKind.Key, key, "rate", first, false), Rate(SubjectKind.Organization, key[..1], "rate", third, false)],
        ];
        return (plans, first.PeriodUs / first.Max);
    }

    private static RateLimit DrawRate(Random random) => new(
        (RateAlgorithm)random.Next(4), random.Next(4) == 0 ? 2_000 : random.Next(5, 120), random.Next(1, 4) * 1_000_000, random.Next(2) * 30);

    private static Charge Rate(SubjectKind kind, string id, string name, RateLimit limit, bool isShadow) =>
        new(new CounterKey(new Subject(kind, id), name), limit, Reason.RateLimited, "key", Origin.OfKey("rate")) { IsShadow = isShadow };

    private static Charge Quota(string key, QuotaLimit limit) =>
        new(new CounterKey(new Subject(SubjectKind.Key, key), "quota"), limit, Reason.QuotaExceeded, "key", Origin.OfKey("quota_max"));

    private async Task<string[]> AskAsync(IDatabase database, RedisKeys names, (Spending Spending, int Count)[] asked, bool hasFunction)
    {
        List<RedisKey> keys = [];
        List<RedisValue> values = [_nowUs.ToString(CultureInfo.InvariantCulture), asked.Select(each => (byte)each.Count).ToArray()];
        foreach (var (spending, _) in asked)
        {
            SpendingSubjects subjects = SpendingSubjects.Of(spending);
            keys.AddRange(SpendingWriter.Keys(spending, subjects, names));
            values.Add(SpendingWriter.Write(spending, subjects, _nowUs));
        }

        byte[] answer = hasFunction
            ? (byte[])(await database.ExecuteAsync(
                "FCALL", [Encoding.UTF8.GetString(Function.Name), keys.Count, .. keys.Select(key => (object)key), .. values.Select(value => (object)value)]))!
            : await DecideScript.EvaluateAsync(database, [.. keys], [.. values]);
        List<string> told = [];
        SpendingReply reply = new(answer);
        foreach (var (spending, count) in asked)
        {
            for (int each = 0; each < count; each++)
            {
                SpendingReplyStatus status = reply.Next(spending, out SpendResult result);
                var outcomes = Enumerable.Range(0, spending.Charges.Count).Select(charge => result.Outcomes[charge]);
                told.Add($"{(status == SpendingReplyStatus.Done ? $"{result.Status}" : $"{status}")} {(result.Replay is null ? "" : "again ")}{string.Join("; ", outcomes)}");
            }
        }

        return [.. told];
    }

    // All but the name of the subject; and until when a hash without a record is kept at least is said once for a call.
    private static async Task<string[]> StoredAsync(IDatabase database, RedisKey name) =>
    [
        .. (await database.HashGetAllAsync(name))
            .Select(field => field.Name == "s" || field.Name == "x" ? $"{field.Name}" : $"{field.Name} {Convert.ToHexString((byte[])field.Value!)}")
            .Order(StringComparer.Ordinal),
    ];
}
