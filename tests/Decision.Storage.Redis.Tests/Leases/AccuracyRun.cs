using Decision.Engine.Charges;
using Decision.Engine.Limits;
using Decision.Engine.Settings;
using Decision.Runtime.Stores;

namespace Decision.Storage.Redis.Tests.Leases;

/// <summary>
/// Requests to replicas that share one limit, on a clock that the run moves, with the scripts of a real Redis. It notes what was admitted when,
/// and tells afterwards whether it was ever more than the limit, and whether each refusal had a reason.
/// </summary>
internal sealed class AccuracyRun(LeasedStore store, Charge charge, int replicas)
{
    private readonly List<(long AtUs, long Units)> _admitted = [];
    private readonly List<(long AtUs, long Units)> _refused = [];
    private readonly Random _random = new(7);

    public long Offered { get; private set; }

    public long Admitted => _admitted.Sum(each => each.Units);

    private RateLimit Limit => charge.Rate!;

    private long LifeUs => charge.Mode == LimitsMode.Leased ? Math.Min(1_000_000, Limit.PeriodUs / 10) : 0;

    /// <summary>Units that replicas can hold at most beside those that they use: a tenth of the limit each.</summary>
    private long MostOut => charge.Mode == LimitsMode.Leased ? replicas * (Limit.Max / 10) : 0;

    /// <summary>Offers so many units in a window, on all replicas together, over several windows.</summary>
    /// <param name="load">Units offered in a window, as a multiple of the limit.</param>
    /// <param name="windows">How many windows.</param>
    /// <param name="mostCost">Units that a request has at most.</param>
    /// <param name="crashes">Whether a replica is killed now and then, and another one begins in its place.</param>
    public async Task RunAsync(double load, int windows, int mostCost = 1, bool crashes = false)
    {
        const int StepsInWindow = 100;
        List<Replica> running = [.. Enumerable.Range(0, replicas).Select(_ => store.Start())];
        TimeSpan step = TimeSpan.FromMicroseconds((double)Limit.PeriodUs / StepsInWindow);
        double owed = 0;
        for (int at = 0; at < StepsInWindow * windows; at++)
        {
            owed += load * Limit.Max / StepsInWindow;
            List<Task> asked = [];
            while (owed >= 1)
            {
                int cost = mostCost == 1 ? 1 : _random.Next(1, mostCost + 1);
                owed -= cost;
                asked.Add(AskAsync(running[_random.Next(replicas)], cost));
                if (asked.Count == 256)
                {
                    await Task.WhenAll(asked);
                    asked.Clear();
                }
            }

            await Task.WhenAll(asked);
            if (crashes && _random.Next(StepsInWindow / 5) == 0)
            {
                int killed = _random.Next(replicas);
                await running[killed].DisposeAsync();
                running[killed] = store.Start();
            }

            await store.PassAsync(step);
        }

        foreach (Replica replica in running)
        {
            await replica.Store.ReturnAsync();
        }
    }

    /// <summary>The most units that were admitted at once, in what the algorithm bounds, as a part of the limit.</summary>
    public double Fullest() => Limit.Algorithm switch
    {
        RateAlgorithm.TokenBucket => FullestBucket(),
        RateAlgorithm.FixedWindow => Admissions().GroupBy(each => each.AtUs / Limit.PeriodUs).Select(window => window.Sum(each => each.Units)).DefaultIfEmpty().Max() / (double)Limit.Max,
        RateAlgorithm.SlidingWindow => FullestEstimate(),
        _ => FullestWindow(),
    };

    /// <summary>
    /// Refusals of a sliding log that neither what was admitted in a window and a lease's life before it, nor what was out on leases, explains.
    /// </summary>
    public int Unexplained()
    {
        long granularityUs = Limit.Max > 1024 ? (Limit.PeriodUs + 1023) / 1024 : 0;
        (long AtUs, long Units)[] admitted = Admissions();
        long[] sums = new long[admitted.Length + 1];
        for (int i = 0; i < admitted.Length; i++)
        {
            sums[i + 1] = sums[i] + admitted[i].Units;
        }

        int unexplained = 0;
        foreach ((long atUs, long units) in _refused)
        {
            long used = sums[CountUntil(admitted, atUs)] - sums[CountUntil(admitted, atUs - Limit.PeriodUs - LifeUs - granularityUs)];
            unexplained += used + MostOut + units > Limit.Max ? 0 : 1;
        }

        return unexplained;
    }

    private async Task AskAsync(Replica replica, int cost)
    {
        long atUs = store.NowUs;
        SpendResult result = await replica.SpendAsync(charge, cost);
        lock (_admitted)
        {
            Offered += cost;
            if (!result.Outcomes[0].Refused)
            {
                _admitted.Add((atUs, cost));
            }
            else
            {
                _refused.Add((atUs, cost));
            }
        }
    }

    private (long AtUs, long Units)[] Admissions() => [.. _admitted.OrderBy(each => each.AtUs)];

    private static int CountUntil((long AtUs, long Units)[] admitted, long atUs)
    {
        int low = 0;
        int high = admitted.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = admitted[middle].AtUs <= atUs ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private double FullestWindow()
    {
        (long AtUs, long Units)[] admitted = Admissions();
        long most = 0;
        long within = 0;
        int first = 0;
        foreach ((long atUs, long units) in admitted)
        {
            within += units;
            while (admitted[first].AtUs <= atUs - Limit.PeriodUs)
            {
                within -= admitted[first++].Units;
            }

            most = Math.Max(most, within);
        }

        return most / (double)Limit.Max;
    }

    // What is used of the burst, as water in a bucket that drains at the rate.
    private double FullestBucket()
    {
        double level = 0;
        double most = 0;
        long lastUs = 0;
        foreach ((long atUs, long units) in Admissions())
        {
            level = Math.Max(0, level - ((atUs - lastUs) * (double)Limit.Max / Limit.PeriodUs)) + units;
            lastUs = atUs;
            most = Math.Max(most, level);
        }

        return most / Limit.Capacity;
    }

    private double FullestEstimate()
    {
        Dictionary<long, long> windows = [];
        double most = 0;
        foreach ((long atUs, long units) in Admissions())
        {
            long window = atUs / Limit.PeriodUs;
            windows[window] = windows.GetValueOrDefault(window) + units;
            double left = 1 - ((atUs - (window * Limit.PeriodUs)) / (double)Limit.PeriodUs);
            most = Math.Max(most, windows[window] + (left * windows.GetValueOrDefault(window - 1)));
        }

        return most / Limit.Max;
    }
}
