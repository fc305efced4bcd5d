using System.Diagnostics;
using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;

namespace Decision.Benchmarks.Scale;

/// <summary>Measures one database, in a process of its own.</summary>
internal sealed class ScaleRun(House house, ScaleWorld world)
{
    private const int Decisions = 1_000_000;
    private const int RequestsPerSecond = 10_000;
    private const int PacedSeconds = 2;
    private const int Rounds = 5;

    private readonly string[] _tokens = new string[world.Keys];

    public static async Task<ScaleFigures> RunAsync(string path, ScaleWorld world)
    {
        var watch = Stopwatch.StartNew();
        var house = await House.OpenAsync(path, folder: null, cachedKeys: world.Keys + 1);
        await using (house.ConfigureAwait(false))
        {
            double start = watch.Elapsed.TotalSeconds;
            var figures = new ScaleFigures { StartSeconds = start, IdleHeap = Heap(), IdleResident = Process.GetCurrentProcess().WorkingSet64 };
            return await new ScaleRun(house, world).MeasureAsync(figures);
        }
    }

    private async Task<ScaleFigures> MeasureAsync(ScaleFigures figures)
    {
        for (int number = 0; number < world.Keys; number++)
        {
            _tokens[number] = SeededKeys.TokenOf(number);
        }

        long before = Heap();
        double[] cold = Timed(world.Keys, static number => number, ScaleWorld.ApiOfNobody, isAllowed: false);
        long known = Heap() - before;
        Timed(world.Keys, static number => number);
        long active = Heap() - before;
        var random = new Random(1);
        int[] uniform = [.. Enumerable.Range(0, Decisions).Select(_ => random.Next(world.Keys))];
        int[] zipf = ZipfOf(random);
        Timed(Decisions, number => uniform[number]);
        double[] any = Timed(Decisions, number => uniform[number]);
        Timed(Decisions, number => zipf[number]);
        double[] busy = Timed(Decisions, number => zipf[number]);
        ScaleRound[] empty = new ScaleRound[Rounds], quiet = new ScaleRound[Rounds], edited = new ScaleRound[Rounds];
        double[] edits = new double[Rounds];
        bool isAtOnce = true;
        for (int round = 0; round < Rounds; round++)
        {
            empty[round] = await PacedAsync(static _ => { }, () => Task.CompletedTask);
            quiet[round] = await PacedAsync(token => Decide(token), () => Task.CompletedTask);
            edited[round] = await PacedAsync(token => Decide(token), async () =>
            {
                var watch = Stopwatch.StartNew();
                await EditAsync(Samples.Unreached - round - 1);
                edits[round] = watch.Elapsed.TotalSeconds;
                isAtOnce &= Decide(_tokens[round]).ApiGrant!.Rate!.Max == Samples.Unreached - round - 1;
            });
        }

        ScaleRound[] rounds = [.. empty, .. quiet, .. edited];
        return figures with
        {
            KnownHeap = known,
            ActiveHeap = active,
            Cold = [Percentile(cold, 0.5) / 1_000, Percentile(cold, 0.99) / 1_000],
            Uniform = [any.Average(), Percentile(any, 0.5), Percentile(any, 0.99)],
            Zipf = [busy.Average(), Percentile(busy, 0.5), Percentile(busy, 0.99)],
            LongestEmpty = LongestOf(empty),
            LongestQuiet = LongestOf(quiet),
            LongestEdited = LongestOf(edited),
            EditSeconds = Percentile(edits, 0.5),
            Pauses = [Percentile([.. quiet.Select(round => round.Paused)], 0.5), Percentile([.. edited.Select(round => round.Paused)], 0.5)],
            WorstPause = rounds.Aggregate(new ScalePause(), (worst, round) => worst.Or(round.Worst)),
            PausesOfWholeHeap = rounds.Sum(round => round.OfWholeHeap),
            IsEditAtOnce = isAtOnce,
            Storm = Storm(),
        };
    }

    // Unknown keys, as fast as they go, ten requests with each.
    private long[] Storm()
    {
        const int unknown = 20_000;
        string[] tokens = [.. Enumerable.Range(0, unknown).Select(number => SeededKeys.TokenOf(int.MaxValue - 1 - number))];
        long before = Heap();
        for (int time = 0; time < 10; time++)
        {
            foreach (string token in tokens)
            {
                Decide(token);
            }
        }

        long after = Heap();
        GC.KeepAlive(tokens);
        return [unknown * 10, after - before];
    }

    // The text of a key that has just come from the network is in the processor's cache, unlike what is known of the key.
    private double[] Timed(int decisions, Func<int, int> keyOf, string api = Samples.Api, bool isAllowed = true)
    {
        double[] nanoseconds = new double[decisions];
        double tick = 1e9 / Stopwatch.Frequency;
        int touched = 0;
        for (int number = 0; number < decisions; number++)
        {
            string token = _tokens[keyOf(number)];
            touched += token.AsSpan().Count('0');
            long began = Stopwatch.GetTimestamp();
            bool wasAllowed = Decide(token, api).IsAllowed;
            nanoseconds[number] = (Stopwatch.GetTimestamp() - began) * tick;
            if (wasAllowed != isAllowed)
            {
                throw new InvalidOperationException($"Key {number} is {(wasAllowed ? "allowed" : "refused")}.");
            }
        }

        GC.KeepAlive(touched);
        return nanoseconds;
    }

    private Verdict Decide(string token, string api = Samples.Api)
    {
        var call = new DecisionCall { Request = new AccessRequest(api, "GET", Samples.LastPath), ApiKey = token };
        var decided = house.Decisions.DecideAsync(in call, CancellationToken.None);
        return decided.IsCompletedSuccessfully ? decided.Result : decided.AsTask().GetAwaiter().GetResult();
    }

    // One thread decides at a fixed pace; each decision waits since the moment at which it was due, whatever kept the thread.
    private async Task<ScaleRound> PacedAsync(Action<string> decide, Func<Task> meanwhile)
    {
        double longest = 0;
        int ofWholeHeap = 0;
        var worst = new ScalePause();
        var pausedBefore = GC.GetTotalPauseDuration();
        using var isSteady = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            var random = new Random(2);
            long step = Stopwatch.Frequency / RequestsPerSecond;
            long due = Stopwatch.GetTimestamp();
            int collections = GC.CollectionCount(0);
            for (int number = 0; number < RequestsPerSecond * PacedSeconds; number++, due += step)
            {
                while (Stopwatch.GetTimestamp() < due)
                {
                    Thread.SpinWait(20);
                }

                decide(_tokens[random.Next(_tokens.Length)]);
                longest = Math.Max(longest, Stopwatch.GetElapsedTime(due).TotalMilliseconds);
                if (GC.CollectionCount(0) is var now && now != collections)
                {
                    collections = now;
                    var pause = ScalePause.Last();
                    worst = worst.Or(pause);
                    ofWholeHeap += pause.IsOfWholeHeap ? 1 : 0;
                }

                if (number == RequestsPerSecond / 2)
                {
                    isSteady.Set();
                }
            }
        });
        thread.Start();
        isSteady.Wait();
        await meanwhile();
        thread.Join();
        return new ScaleRound(longest, (GC.GetTotalPauseDuration() - pausedBefore).TotalMilliseconds, worst, ofWholeHeap);
    }

    private static double[] LongestOf(ScaleRound[] rounds)
    {
        double[] longest = [.. rounds.Select(round => round.Longest)];
        return [longest.Min(), Percentile(longest, 0.5), longest.Max()];
    }

    private async Task EditAsync(double rate) => await house.Service<PolicyAdministration>().UpdateAsync(
        ScaleWorld.Everyone,
        policy => policy with { Limits = policy.Limits with { Rate = policy.Limits.Rate with { Rate = rate } } },
        "",
        CancellationToken.None);

    private int[] ZipfOf(Random random)
    {
        double scale = Math.Log(world.Keys + 1);
        return [.. Enumerable.Range(0, Decisions).Select(_ => Math.Min((int)Math.Exp(random.NextDouble() * scale) - 1, world.Keys - 1))];
    }

    private static double Percentile(double[] values, double share)
    {
        Array.Sort(values);
        return values[(int)((values.Length - 1) * share)];
    }

    private static long Heap()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
