using System.Diagnostics;
using System.Globalization;
using Decision.Benchmarks.Load.Driving;
using Decision.Engine;
using Decision.Runtime.Decisions;
using Decision.Runtime.Stores;
using Decision.Storage.Redis;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Benchmarks.Scale;

/// <summary>Measures one Redis that is filled here, and a replica on it, in a process of its own.</summary>
internal sealed class RedisScaleRun(House house, IDatabase database, int keys)
{
    private const string Policy = "policy-0";
    private const int Decisions = 20_000;
    private const int AtOnce = 32;
    private const int Sampled = 1_000;

    private readonly string[] _tokens = [.. Enumerable.Range(0, keys).Select(SeededKeys.TokenOf)];

    public static async Task<RedisFigures> RunAsync(string address, int keys)
    {
        using var connection = await ConnectionMultiplexer.ConnectAsync(address + ",allowAdmin=true");
        var database = connection.GetDatabase();
        long filled;
        var filling = await House.OpenRedisAsync(address);
        await using (filling.ConfigureAwait(false))
        {
            await filling.AddKeyAsync([Samples.Policy(Policy, 1)]);
            long before = await UsedAsync(database);
            await SeededKeys.AddAsync(filling.Service<IKeyStore>(), keys, number => SeededKeys.RecordOf(number, Policy), CancellationToken.None);
            filled = await UsedAsync(database) - before;
        }

        var watch = Stopwatch.StartNew();
        var house = await House.OpenRedisAsync(address, cachedKeys: keys + 1);
        await using (house.ConfigureAwait(false))
        {
            var figures = new RedisFigures
            {
                StartSeconds = watch.Elapsed.TotalSeconds,
                IdleResident = Process.GetCurrentProcess().WorkingSet64,
                IdleMemory = filled,
            };
            return await new RedisScaleRun(house, database, keys).MeasureAsync(figures);
        }
    }

    private async Task<RedisFigures> MeasureAsync(RedisFigures figures)
    {
        double idle = await OwnAsync();
        long usedBefore = await UsedAsync(database), heapBefore = GC.GetTotalMemory(forceFullCollection: true);
        double[] cold = new double[keys];
        await Parallel.ForAsync(
            0, keys, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => cold[number] = await TimedAsync(number));
        long heap = GC.GetTotalMemory(forceFullCollection: true) - heapBefore, active = await UsedAsync(database) - usedBefore;
        var random = new Random(1);
        double[] uniform = new double[Decisions];
        for (int number = -Decisions / 10; number < Decisions; number++)
        {
            double microseconds = await TimedAsync(random.Next(keys));
            if (number >= 0)
            {
                uniform[number] = microseconds;
            }
        }

        return figures with
        {
            ActiveMemory = figures.IdleMemory + active,
            OwnMemory = [idle, await OwnAsync()],
            KnownHeap = heap,
            Cold = Percentiles(cold),
            Uniform = Percentiles(uniform),
        };
    }

    private async ValueTask<double> TimedAsync(int number)
    {
        var call = new DecisionCall { Request = new AccessRequest(Samples.Api, "GET", Samples.LastPath), ApiKey = _tokens[number] };
        long began = Stopwatch.GetTimestamp();
        var verdict = await house.Decisions.DecideAsync(in call, CancellationToken.None);
        double microseconds = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
        return verdict is { IsAllowed: true, IsDegraded: false }
            ? microseconds
            : throw new InvalidOperationException($"Key {number} is not allowed: {verdict.Reason}{(verdict.IsDegraded ? ", without the store" : "")}.");
    }

    private async Task<double> OwnAsync()
    {
        var names = new RedisKeys(house.Service<IOptions<RedisStorageOptions>>().Value.Prefix);
        double sum = 0;
        for (int number = 0; number < Sampled; number++)
        {
            sum += (long)await database.ExecuteAsync("MEMORY", "USAGE", names.OfKey(SeededKeys.IdOf((int)((long)number * keys / Sampled))), "SAMPLES", "0");
        }

        return sum / Sampled;
    }

    private static async Task<long> UsedAsync(IDatabase database)
    {
        string memory = (string)(await database.ExecuteAsync("INFO", "memory"))!;
        string line = memory.Split('\n').First(line => line.StartsWith("used_memory:", StringComparison.Ordinal));
        return long.Parse(line.AsSpan(line.IndexOf(':') + 1).Trim(), CultureInfo.InvariantCulture);
    }

    private static double[] Percentiles(double[] microseconds)
    {
        Array.Sort(microseconds);
        var timings = new Timings(0, microseconds);
        return [timings.Percentile(0.5), timings.Percentile(0.99)];
    }
}
