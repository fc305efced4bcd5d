using System.Buffers.Binary;
using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Counters;
using Decision.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Storage.Redis.Tests;

/// <summary>
/// The scripts against the engine's functions where the contract does not reach: logs of thousands of units in chunks and folds, terms that
/// change under a full counter, numbers whose products pass 2^53, calendar periods, clocks that go back.
/// </summary>
public class ModelTests(SharedRedis shared)
{
    private const ulong Version = 7;

    private long _nowUs = 1_793_620_800_000_000;

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, true, Traits = ["Run", "full"])]
    [InlineData(3, true, Traits = ["Run", "full"])]
    public Task Logs_of_any_size_answer_alike(int seed, bool isCompared) => RunAsync(seed, 5_000, isCompared, random =>
    {
        long[] maxima = [3, 40, 700, 1024, 1025, 3_000, 100_000];
        long periodUs = random.Next(3) switch { 0 => 1_000_000, 1 => 10_000_000, _ => 1_023_999 };
        return new RateLimit(RateAlgorithm.SlidingLog, maxima[random.Next(maxima.Length)], periodUs, 0);
    });

    [Theory]
    [InlineData(4, false)]
    [InlineData(4, true)]
    [InlineData(5, true, Traits = ["Run", "full"])]
    [InlineData(6, true, Traits = ["Run", "full"])]
    public Task Terms_that_change_answer_alike(int seed, bool isCompared) => RunAsync(seed, 5_000, isCompared, random =>
        new RateLimit((RateAlgorithm)random.Next(4), random.Next(2) == 0 ? random.Next(1, 60) : random.Next(1, 4_000), random.NextInt64(1, 20_000_000), random.Next(3) == 0 ? random.Next(1, 5_000) : 0));

    [Theory]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(8, true, Traits = ["Run", "full"])]
    public Task Numbers_of_any_size_answer_alike(int seed, bool isCompared) => RunAsync(seed, 3_000, isCompared, random => new RateLimit(
        (RateAlgorithm)random.Next(4),
        random.NextInt64(1, 1L << random.Next(1, 33)),
        Math.Min(random.NextInt64(1, 1L << random.Next(1, 52)), LimitBounds.MaxPeriodUs),
        random.Next(2) == 0 ? 0 : random.NextInt64(1, 1L << random.Next(1, 33))));

    /// <summary>One counter, whose limit changes now and then, and a cost that is now small, now most of the limit.</summary>
    /// <param name="isCompared">Whether the key has a record whose version is compared, as nearly all spendings do: the script has a shorter way for those.</param>
    private async Task RunAsync(int seed, int steps, bool isCompared, Func<Random, RateLimit> draw)
    {
        await using RedisStore redis = await OpenAsync();
        if (isCompared)
        {
            await RecordAsync(redis);
        }

        ICounterStore store = redis.Get<ICounterStore>();
        Random random = new(seed);
        RateState state = default;
        RateLimit limit = draw(random);
        Subject subject = new(SubjectKind.Key, "model");
        int refusals = 0;
        for (int step = 0; step < steps; step++)
        {
            if (random.Next(200) == 0)
            {
                limit = draw(random);
            }

            // Also to the microsecond what a unit takes to be free in a bucket, and what entries of a log are apart at least.
            long pause = random.Next(14) switch
            {
                0 => limit.PeriodUs / 3,
                1 => limit.PeriodUs / 1000,
                2 => -limit.PeriodUs / 50,
                3 => 0,
                4 => limit.PeriodUs / limit.Max,
                5 => (limit.PeriodUs + 1023) / 1024,
                _ => random.NextInt64(0, Math.Max(2, limit.PeriodUs / Math.Min(limit.Max, 700))),
            };
            _nowUs += Math.Min(pause, 500_000_000_000);
            long cost = random.Next(10) switch
            {
                0 => Math.Max(1, limit.Capacity / 3),
                1 => random.NextInt64(1, limit.Capacity + 2),
                _ => random.NextInt64(1, Math.Max(2, limit.Capacity / 400)),
            };
            Charge charge = new(new CounterKey(subject, "rate/x"), limit, Reason.RateLimited, "key", Origin.OfKey("rate"));
            bool isPeek = random.Next(8) == 0;

            LimitTest expected = RateMath.Test(limit, state, cost, _nowUs);
            SpendResult result = await store.SpendAsync(
                new Spending { Charges = TestCharges.List(charge), Cost = cost, IsPeek = isPeek, KeyId = "model", KeyVersion = isCompared ? Version : 0 },
                CancellationToken.None);

            if (!expected.Refused && isPeek)
            {
                expected = RateMath.Test(limit, state, 0, _nowUs);
            }
            else if (!expected.Refused)
            {
                RateMath.Spend(limit, ref state, cost, _nowUs);
            }

            refusals += expected.Refused ? 1 : 0;
            Assert.True(expected == result.Outcomes[0], $"step {step}, cost {cost} of {limit}: {expected} is expected, {result.Outcomes[0]} came");
        }

        Assert.InRange(refusals, steps / 50, steps - (steps / 50));
    }

    [Theory]
    [InlineData(QuotaPeriod.Hour, "Asia/Kolkata", true)]
    [InlineData(QuotaPeriod.Day, "America/New_York", false)]
    [InlineData(QuotaPeriod.Week, "UTC", true)]
    [InlineData(QuotaPeriod.Month, "Pacific/Auckland", false)]
    [InlineData(QuotaPeriod.Rolling, "UTC", true)]
    [InlineData(QuotaPeriod.Rolling, "UTC", false)]
    public async Task Quotas_answer_alike_over_the_ends_of_periods_and_clocks_that_go_back(QuotaPeriod period, string zone, bool isCompared)
    {
        await using RedisStore redis = await OpenAsync();
        if (isCompared)
        {
            await RecordAsync(redis);
        }

        ICounterStore store = redis.Get<ICounterStore>();
        Random random = new((int)period);
        QuotaState state = default;
        Subject subject = new(SubjectKind.Key, "model");
        for (int step = 0; step < 1_500; step++)
        {
            QuotaLimit limit = new(random.Next(1, 30), 5_000_000_000, period, TimeZoneInfo.FindSystemTimeZoneById(zone));
            Charge charge = new(new CounterKey(subject, "quota/x"), limit, Reason.QuotaExceeded, "key", Origin.OfKey("quota_max"));
            _nowUs += random.Next(20) switch
            {
                0 => limit.NominalUs,
                1 => -limit.NominalUs,
                2 => limit.NominalUs / 2,
                _ => random.NextInt64(0, limit.NominalUs / 100),
            };
            if (random.Next(6) == 0)
            {
                long delta = random.Next(-6, 10);
                QuotaMath.Adjust(ref state, limit, delta, _nowUs);
                CounterReading reading = await store.AdjustAsync(charge, delta, CancellationToken.None);
                LimitTest now = QuotaMath.Test(limit, state, 0, _nowUs);
                Assert.Equal((now.Used, now.Remaining, now.ResetUs), (reading.Used, reading.Remaining, reading.ResetUs));
                continue;
            }

            long cost = random.Next(1, 6);
            LimitTest expected = QuotaMath.Test(limit, state, cost, _nowUs);
            SpendResult result = await store.SpendAsync(
                new Spending { Charges = TestCharges.List(charge), Cost = cost, KeyId = "model", KeyVersion = isCompared ? Version : 0 }, CancellationToken.None);
            if (!expected.Refused)
            {
                QuotaMath.Spend(limit, ref state, cost, _nowUs);
            }

            Assert.True(expected == result.Outcomes[0], $"step {step}, cost {cost} of {limit}: {expected} is expected, {result.Outcomes[0]} came");
        }
    }

    // What the script reads of a key's record.
    private static Task<bool> RecordAsync(RedisStore redis) => redis.Connection.Multiplexer.GetDatabase().HashSetAsync(
        redis.Get<RedisKeys>().OfSubject(new Subject(SubjectKind.Key, "model")), "v", BitConverter.GetBytes(BinaryPrimitives.ReverseEndianness(Version)));

    private Task<RedisStore> OpenAsync() => RedisStore.OpenAsync(
        shared.Server,
        options =>
        {
            options.Prefix = SharedRedis.NewPrefix();
            options.Timeout = TimeSpan.FromSeconds(10);
        },
        services => services.AddSingleton(new ScriptClock(() => _nowUs)));
}
