using System.Globalization;
using System.Text;
using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.TestKit;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>Never more than the limit, and never a refusal without a reason: on any number of replicas, exact and leased.</summary>
public sealed class AccuracyTests(SharedRedis shared, ITestOutputHelper output)
{
    private const int Windows = 3;

    private static readonly int[] Replicas = [1, 2, 3, 5];
    private static readonly long[] Limits = [10, 100, 1000, 10_000];
    private static readonly int[] Seconds = [1, 10, 60];
    private static readonly double[] Loads = [0.5, 1, 2, 10];

    [Theory]
    [InlineData(1, 100, 10, 2)]
    [InlineData(2, 1000, 1, 2)]
    [InlineData(3, 100, 60, 10)]
    [InlineData(5, 1000, 10, 1)]
    [InlineData(5, 10, 1, 10)]
    public async Task A_log_admits_its_limit_and_refuses_with_a_reason(int replicas, long max, int seconds, double load)
    {
        foreach (bool isLeased in new[] { false, true })
        {
            var figures = await MeasureAsync(replicas, max, seconds, load, isLeased);

            Assert.InRange(figures.Fullest, 0, 1);
            Assert.Equal(0, figures.Unexplained);
        }
    }

    [Theory]
    [InlineData(RateAlgorithm.SlidingLog)]
    [InlineData(RateAlgorithm.TokenBucket)]
    [InlineData(RateAlgorithm.FixedWindow)]
    [InlineData(RateAlgorithm.SlidingWindow)]
    public async Task Never_more_than_the_limit_though_replicas_are_killed(RateAlgorithm algorithm)
    {
        for (int load = 1; load <= 4; load += 3)
        {
            await using LeasedStore store = await LeasedStore.OpenAsync(shared.Server.Address);
            AccuracyRun run = new(store, LeasedStore.Rate(500, 10, algorithm, await store.NewKeyAsync()), replicas: 3);

            await run.RunAsync(load, Windows, mostCost: 7, crashes: true);

            Assert.True(run.Admitted > 100, $"{run.Admitted} admitted");
            Assert.InRange(run.Fullest(), 0, 1.000_001);
        }
    }

    [Fact]
    public async Task Never_more_than_a_quota_in_a_period_though_replicas_are_killed()
    {
        await using LeasedStore store = await LeasedStore.OpenAsync(shared.Server.Address);
        Charge quota = LeasedStore.Quota(500, 30, await store.NewKeyAsync());
        List<Replica> replicas = [store.Start(), store.Start(), store.Start()];
        Random random = new(11);
        SortedDictionary<long, long> admitted = [];
        for (int at = 0; at < 900; at++)
        {
            Replica replica = replicas[random.Next(3)];
            int cost = random.Next(1, 4);
            if (!(await replica.SpendAsync(quota, cost)).Outcomes[0].Refused)
            {
                admitted[store.NowUs] = admitted.GetValueOrDefault(store.NowUs) + cost;
            }

            if (at % 100 == 99)
            {
                await replica.DisposeAsync();
                replicas[replicas.IndexOf(replica)] = store.Start();
            }

            await store.PassAsync(TimeSpan.FromMilliseconds(100));
        }

        // A period begins with its first request.
        long startUs = 0;
        long used = 0;
        foreach ((long atUs, long units) in admitted)
        {
            (startUs, used) = startUs == 0 || atUs >= startUs + 30_000_000 ? (atUs, units) : (startUs, used + units);
            Assert.True(used <= 500, $"{used} in the period from {startUs}");
        }

        Assert.True(admitted.Values.Sum() > 900, $"{admitted.Values.Sum()} admitted in three periods");
    }

    /// <summary>The whole matrix, as docs/accuracy.md shows it; the file that DECISION_ACCURACY names is written.</summary>
    [Fact]
    [Trait("Run", "measure")]
    public async Task Whole_matrix()
    {
        StringBuilder table = new();
        foreach (bool isLeased in new[] { false, true })
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"\n## {(isLeased ? "Leased" : "Exact")}\n");
            table.AppendLine("| limit | window | replicas | load 0.5 | load 1 | load 2 | load 10 |");
            table.AppendLine("|---:|---:|---:|---:|---:|---:|---:|");
            foreach (long max in Limits)
            {
                foreach (int seconds in Seconds)
                {
                    foreach (int replicas in Replicas)
                    {
                        table.Append(CultureInfo.InvariantCulture, $"| {max} | {seconds} s | {replicas} |");
                        foreach (double load in Loads)
                        {
                            var figures = await MeasureAsync(replicas, max, seconds, load, isLeased);
                            Assert.InRange(figures.Fullest, 0, 1);
                            Assert.Equal(0, figures.Unexplained);
                            table.Append(CultureInfo.InvariantCulture, $" {figures.Fullest * 100:0.0} % / {figures.Admitted * 100:0.0} % |");
                        }

                        table.AppendLine();
                    }
                }
            }
        }

        output.WriteLine(table.ToString());
        if (Environment.GetEnvironmentVariable("DECISION_ACCURACY") is { Length: > 0 } file)
        {
            await File.WriteAllTextAsync(file, table.ToString(), TestContext.Current.CancellationToken);
        }
    }

    private async Task<(double Fullest, double Admitted, int Unexplained)> MeasureAsync(
        int replicas, long max, int seconds, double load, bool isLeased)
    {
        await using LeasedStore store = await LeasedStore.OpenAsync(shared.Server.Address);
        Subject subject = await store.NewKeyAsync();
        Charge charge = isLeased ? LeasedStore.Rate(max, seconds, subject: subject) : TestCharges.Rate(subject, "rate", max, seconds);
        AccuracyRun run = new(store, charge, replicas);
        await run.RunAsync(load, Windows);
        double possible = Math.Min(run.Offered, max * Windows);
        return (run.Fullest(), run.Admitted / possible, run.Unexplained());
    }
}
