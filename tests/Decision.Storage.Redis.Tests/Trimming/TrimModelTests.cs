using Decision.Engine;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Runtime.Stores;
using static Decision.Storage.Redis.Tests.Trimming.TrimmedStore;
using static Decision.TestKit.TestCharges;

namespace Decision.Storage.Redis.Tests.Trimming;

/// <summary>
/// Trims between random steps are not noticed: the store answers as the engine does, which forgets nothing. Terms change as far as the rule
/// allows for: rates of a day, quotas of a month.
/// </summary>
public class TrimModelTests(SharedRedis shared)
{
    [Theory]
    [InlineData(1)]
    [InlineData(2, Traits = ["Run", "full"])]
    [InlineData(3, Traits = ["Run", "full"])]
    public Task Rates_answer_as_if_nothing_were_trimmed(int seed) => RunRatesAsync(seed, 4_000, random =>
        new RateLimit((RateAlgorithm)random.Next(4), random.Next(30, 60), random.Next(4) == 0 ? 21_600 * SecondUs : random.NextInt64(SecondUs, 3_600 * SecondUs), 0));

    [Theory]
    [InlineData(4)]
    [InlineData(5, Traits = ["Run", "full"])]
    public Task Logs_of_any_size_answer_as_if_nothing_were_trimmed(int seed) => RunRatesAsync(seed, 4_000, random =>
        new RateLimit(RateAlgorithm.SlidingLog, random.Next(3) == 0 ? random.Next(1_025, 3_000) : random.Next(1, 1_000), random.NextInt64(SecondUs, DayUs), 0));

    [Theory]
    [InlineData(6)]
    [InlineData(7, Traits = ["Run", "full"])]
    public async Task Quotas_answer_as_if_nothing_were_trimmed(int seed)
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Random random = new(seed);
        QuotaState state = default;
        long trimmed = 0;
        for (int step = 0; step < 3_000; step++)
        {
            QuotaLimit limit = new(random.Next(1, 20), random.NextInt64(3_600, 31 * 86_400) * SecondUs, (QuotaPeriod)random.Next(5));
            Charge charge = new(new CounterKey(Key("model"), "quota"), limit, Reason.QuotaExceeded, "key", Origin.OfKey("quota_max"));
            store.Time.NowUs += random.Next(12) switch
            {
                0 => random.NextInt64(0, 40 * DayUs),
                1 => 70 * DayUs,
                2 => -SecondUs,
                _ => random.NextInt64(0, DayUs),
            };
            if (random.Next(3) == 0)
            {
                trimmed += (await store.SweepAsync()).Trimmed;
            }

            long cost = random.Next(1, 5);
            LimitTest expected = QuotaMath.Test(limit, state, cost, store.Time.NowUs);
            SpendResult result = await store.SpendAsync(charge, cost);
            if (!expected.Refused)
            {
                QuotaMath.Spend(limit, ref state, cost, store.Time.NowUs);
            }

            Assert.True(expected == result.Outcomes[0], $"step {step}, cost {cost} of {limit}: {expected} is expected, {result.Outcomes[0]} came");
        }

        Assert.InRange(trimmed, 20, 3_000);
    }

    private async Task RunRatesAsync(int seed, int steps, Func<Random, RateLimit> draw)
    {
        await using TrimmedStore store = await OpenAsync(shared.Server.Address);
        Random random = new(seed);
        RateState state = default;
        RateLimit limit = draw(random);
        long trimmed = 0, refusals = 0;
        for (int step = 0; step < steps; step++)
        {
            if (random.Next(40) == 0)
            {
                limit = draw(random);
            }

            int pause = random.Next(400);
            store.Time.NowUs += pause switch
            {
                < 4 => random.NextInt64(0, 4 * DayUs),
                < 8 => limit.PeriodUs,
                < 12 => -limit.PeriodUs / 50,
                _ => random.NextInt64(0, Math.Max(2, limit.PeriodUs / Math.Min(limit.Max, 700))),
            };
            if (pause < 4 || random.Next(10) == 0)
            {
                trimmed += (await store.SweepAsync()).Trimmed;
            }

            long cost = random.Next(10) == 0 ? Math.Max(1, limit.Max / 3) : 1;
            Charge charge = new(new CounterKey(Key("model"), "rate"), limit, Reason.RateLimited, "key", Origin.OfKey("rate"));
            LimitTest expected = RateMath.Test(limit, state, cost, store.Time.NowUs);
            SpendResult result = await store.SpendAsync(charge, cost);
            if (!expected.Refused)
            {
                RateMath.Spend(limit, ref state, cost, store.Time.NowUs);
            }

            refusals += expected.Refused ? 1 : 0;
            Assert.True(expected == result.Outcomes[0], $"step {step}, cost {cost} of {limit}: {expected} is expected, {result.Outcomes[0]} came");
        }

        Assert.InRange(trimmed, 3, steps);
        Assert.InRange(refusals, 1, steps - 1);
    }
}
