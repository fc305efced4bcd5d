using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Limits;
using Decision.Engine.Organizations;
using Decision.Engine.Settings;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>Under concurrency each limit admits exactly what it allows: not one more, and not one less.</summary>
public sealed class ExactnessTests
{
    private const int Threads = 8;

    [Theory]
    [InlineData("rate")]
    [InlineData("quota")]
    [InlineData("api")]
    [InlineData("organization rate")]
    [InlineData("organization quota")]
    public async Task One_limit_admits_the_smaller_of_itself_and_what_is_asked(string limited)
    {
        const int Limit = 321;
        int Of(string name) => name == limited ? Limit : 100_000;
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.Organizations.CreateAsync(
            new Organization
            {
                Id = "acme",
                Rate = new RateSettings(Of("organization rate"), 60),
                Quota = new QuotaSettings(Of("organization quota"), 3600),
            },
            CancellationToken.None);
        await runtime.Apis.CreateAsync(
            new Api { Id = Sample.Api, OrganizationId = "acme", Rate = new RateSettings(Of("api"), 60) }, CancellationToken.None);
        CreatedKey key = await runtime.CreateKeyWithAsync(
            Sample.Policy("gold", rate: Of("rate"), quota: Of("quota")) with { OrganizationId = "acme" });

        int early = (await AskAllAsync(runtime, [.. Enumerable.Repeat((key, 1L), 200)])).Count(asked => asked.IsAllowed);
        int late = (await AskAllAsync(runtime, [.. Enumerable.Repeat((key, 1L), 800)])).Count(asked => asked.IsAllowed);

        Assert.Equal((200, Limit - 200), (early, late));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Keys_that_share_limits_use_them_up_and_never_more(int seed)
    {
#pragma warning disable CA5394 // The same sequence each time is what is wanted.
        Random random = new(seed);
        RateAlgorithm[] algorithms = [RateAlgorithm.SlidingLog, RateAlgorithm.TokenBucket, RateAlgorithm.FixedWindow];
        RateSettings Rate(int most) => new(random.Next(1, most), 60, algorithms[random.Next(algorithms.Length)]);
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.Organizations.CreateAsync(
            new Organization { Id = "acme", Rate = Rate(900), Quota = new QuotaSettings(random.Next(1, 900), 3600) }, CancellationToken.None);
        await runtime.Apis.CreateAsync(new Api { Id = Sample.Api, OrganizationId = "acme", Rate = Rate(900) }, CancellationToken.None);
        CreatedKey[] keys = new CreatedKey[6];
        for (int number = 0; number < 3; number++)
        {
            await runtime.CreateAsync(Sample.Policy($"p{number}") with
            {
                OrganizationId = "acme",
                Limits = new LimitSettings { Rate = Rate(300), Quota = new QuotaSettings(random.Next(1, 300), 3600) },
            });
        }

        for (int number = 0; number < keys.Length; number++)
        {
            keys[number] = await runtime.CreateKeyAsync(
                Sample.Key($"p{number % 3}", $"p{random.Next(3)}") with { OrganizationId = "acme" });
        }

        (CreatedKey Key, long Cost)[] questions =
            [.. Enumerable.Range(0, 1_200).Select(_ => (keys[random.Next(keys.Length)], (long)random.Next(1, 4)))];
#pragma warning restore CA5394

        Asked[] asked = await AskAllAsync(runtime, questions);

        Assert.Contains(asked, one => !one.IsAllowed);
        Dictionary<string, CounterReading> readings = [];
        Dictionary<string, long> admitted = [];
        foreach (CreatedKey key in keys)
        {
            Verdict peek = await runtime.AskAsync(Sample.Call(key.ApiKey) with { IsPeek = true });
            Engine.Charges.Charge[] charges = [.. Enumerable.Range(0, peek.Charges.Count).Select(index => peek.Charges[index])];
            CounterReading[] now = [.. await runtime.Counters.ReadAsync(charges, CancellationToken.None)];
            long spent = asked.Where(one => one.KeyId == key.Record.Key.Id && one.IsAllowed).Sum(one => one.Cost);
            foreach (CounterReading reading in now)
            {
                string counter = reading.Charge.Counter.ToString();
                readings[counter] = reading;
                admitted[counter] = admitted.GetValueOrDefault(counter) + spent;
            }

            // The clock stood still, so what refused once has no more room for it now.
            foreach (Asked refused in asked.Where(one => one.KeyId == key.Record.Key.Id && !one.IsAllowed))
            {
                Assert.Contains(now, reading => reading.Remaining < refused.Cost);
            }
        }

        Assert.All(readings, reading => Assert.Equal(admitted[reading.Key], reading.Value.Used));
        Assert.All(readings, reading => Assert.InRange(reading.Value.Used, 0, reading.Value.Charge.Max));
    }

    private static async Task<Asked[]> AskAllAsync(TestRuntime runtime, (CreatedKey Key, long Cost)[] questions)
    {
        Asked[] asked = new Asked[questions.Length];
        int next = -1;
        using Barrier start = new(Threads);
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(_ => Task.Factory.StartNew(
            () =>
            {
                start.SignalAndWait();
                while (Interlocked.Increment(ref next) is var index && index < questions.Length)
                {
                    (CreatedKey key, long cost) = questions[index];
                    Runtime.Decisions.DecisionCall call = Sample.Call(key.ApiKey);
                    Verdict verdict = runtime.AskAsync(call with { Request = call.Request with { Cost = cost } }).GetAwaiter().GetResult();
                    asked[index] = new Asked(key.Record.Key.Id, cost, verdict.IsAllowed);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)));
        return asked;
    }

    private readonly record struct Asked(string KeyId, long Cost, bool IsAllowed);
}
