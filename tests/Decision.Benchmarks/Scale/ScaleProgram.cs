using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Scale;

/// <summary>
/// <c>scale [--redis] [--quick]</c>: a thousand keys beside a million (<c>--quick</c>: a hundred thousand), each with 10,000 policies on the embedded
/// store, or on Redis. Prints a table for docs/performance.md; the status is not 0 where a promise is not kept.
/// </summary>
internal static class ScaleProgram
{
    private const int Policies = 10_000;
    private const int FewKeys = 1_000;
    private const int DefaultPort = 20_920;

    public static async Task<int> RunAsync(string[] args)
    {
        switch (args)
        {
            case ["of", string path, string count]:
                var world = new ScaleWorld(int.Parse(count, CultureInfo.InvariantCulture), Policies);
                Console.WriteLine(JsonSerializer.Serialize(await ScaleRun.RunAsync(path, world)));
                return 0;
            case ["of-redis", string address, string count]:
                Console.WriteLine(JsonSerializer.Serialize(await RedisScaleRun.RunAsync(address, int.Parse(count, CultureInfo.InvariantCulture))));
                return 0;
        }

        if (args.Except(["--redis", "--quick"]).Any())
        {
            await Console.Error.WriteLineAsync("Write: scale [--redis] [--quick]; --quick for a hundred thousand keys instead of a million.");
            return 2;
        }

        int many = args.Contains("--quick") ? 100_000 : 1_000_000;
        using var ending = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        string folder = Directory.CreateTempSubdirectory("decision-scale-").FullName;
        try
        {
            return await (args.Contains("--redis") ? OnRedisAsync(folder, many, ending.Token) : EmbeddedAsync(folder, many, ending.Token)) ? 0 : 1;
        }
        catch (MeasureException error)
        {
            await Console.Error.WriteLineAsync("scale: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return 130;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        void End(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ending.Cancel();
        }
    }

    private static async Task<bool> EmbeddedAsync(string folder, int many, CancellationToken cancellation)
    {
        var few = await MeasureAsync(folder, FewKeys, cancellation);
        var all = await MeasureAsync(folder, many, cancellation);
        Print(few, all, many);
        return Check(few, all, many);
    }

    private static async Task<bool> OnRedisAsync(string folder, int many, CancellationToken cancellation)
    {
        var few = await MeasureRedisAsync(folder, FewKeys, cancellation);
        var all = await MeasureRedisAsync(folder, many, cancellation);
        return RedisScaleTable.Print(few, FewKeys, all, many);
    }

    // One Redis for each: what the other one left is not measured.
    private static async Task<RedisFigures> MeasureRedisAsync(string folder, int keys, CancellationToken cancellation)
    {
        string place = Path.Combine(folder, keys.ToString(CultureInfo.InvariantCulture));
        var ports = new Ports(int.TryParse(Environment.GetEnvironmentVariable("BASE_PORT"), out int first) ? first : DefaultPort);
        var redis = await RedisProcess.StartAsync(place, ports, ["--appendonly", "no"], cancellation);
        await using (redis.ConfigureAwait(false))
        {
            return await OwnProcessAsync<RedisFigures>(cancellation, "of-redis", redis.Configuration, keys.ToString(CultureInfo.InvariantCulture));
        }
    }

    private static async Task<ScaleFigures> MeasureAsync(string folder, int keys, CancellationToken cancellation)
    {
        string path = Path.Combine(folder, $"{keys}.db");
        await new ScaleWorld(keys, Policies).SeedAsync(path);
        return await OwnProcessAsync<ScaleFigures>(cancellation, "of", path, keys.ToString(CultureInfo.InvariantCulture));
    }

    // What the other one left in memory and caches is not measured.
    private static async Task<T> OwnProcessAsync<T>(CancellationToken cancellation, params string[] arguments)
    {
        string[] own = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ScaleProgram).Assembly.Location] : [];
        return JsonSerializer.Deserialize<T>(await ChildProcess.RunAsync(Environment.ProcessPath!, [.. own, "scale", .. arguments], cancellation))!;
    }

    private static void Print(ScaleFigures few, ScaleFigures all, int many)
    {
        Row($"{Policies:N0} policies", $"{FewKeys:N0} keys", $"{many:N0} keys");
        Console.WriteLine("|---|---:|---:|");
        Row("start, ms", Number(few.StartSeconds * 1_000), Number(all.StartSeconds * 1_000));
        Row("managed heap after the start, MB", Megabytes(few.IdleHeap), Megabytes(all.IdleHeap));
        Row("resident after the start, MB", Megabytes(few.IdleResident), Megabytes(all.IdleResident));
        Row("bytes of a key in memory", Number((double)few.KnownHeap / FewKeys), Number((double)all.KnownHeap / many));
        Row("bytes of an active key, counters included", Number((double)few.ActiveHeap / FewKeys), Number((double)all.ActiveHeap / many));
        Row("first decision of a key, us: p50, p99", Numbers(few.Cold), Numbers(all.Cold));
        Row("decision of any key, ns: mean, p50, p99", Numbers(few.Uniform), Numbers(all.Uniform));
        Row("decision of busy keys (Zipf), ns: mean, p50, p99", Numbers(few.Zipf), Numbers(all.Zipf));
        Row("the machine: longest wait of a thread that does nothing, ms: least, middle, most of five rounds", Waits(few.LongestEmpty), Waits(all.LongestEmpty));
        Row("longest wait at 10,000/s, ms: least, middle, most of five rounds", Waits(few.LongestQuiet), Waits(all.LongestQuiet));
        Row("the same while the policy of all keys is edited", Waits(few.LongestEdited), Waits(all.LongestEdited));
        Row("all pauses of the collector in 2 s, ms: without an edit, with one", Waits(few.Pauses), Waits(all.Pauses));
        Row("longest of them: ms, generation, KB that stayed alive of it", Pause(few.WorstPause), Pause(all.WorstPause));
        Row("collections of the whole heap with every decision waiting", Number(few.PausesOfWholeHeap), Number(all.PausesOfWholeHeap));
        Row("the edit until it returns, ms", Number(few.EditSeconds * 1_000), Number(all.EditSeconds * 1_000));
        Row("in force at the next decision", few.IsEditAtOnce ? "yes" : "no", all.IsEditAtOnce ? "yes" : "no");
        Row("kept of 200,000 requests with 20,000 unknown keys, bytes for each key", Number(few.Storm[1] / 20_000.0), Number(all.Storm[1] / 20_000.0));
    }

    // Ratios are for people to read. Times fail the run only at ten times the promise: the machine may be busy with something else.
    private static bool Check(ScaleFigures few, ScaleFigures all, int many)
    {
        double idle = (double)(all.IdleHeap - few.IdleHeap) / (many - FewKeys);
        double resident = (double)(all.IdleResident - few.IdleResident) / (many - FewKeys);
        double storm = all.Storm[1] / 20_000.0;
        double active = (double)all.ActiveHeap / many;
        bool isKept = Promise($"an idle key takes at most 400 bytes: {idle:F0} of the heap, {resident:F0} resident", Math.Max(idle, resident) <= 400);
        isKept &= Promise($"an active key takes at most 4,096 bytes, its counters included: {active:F0}", active <= 4_096);
        isKept &= Promise($"an edit is in force at the next decision", few.IsEditAtOnce && all.IsEditAtOnce);
        isKept &= Promise($"unknown keys leave at most 400 bytes each: {storm:F0}", storm <= 400);
        Promise($"the whole heap is never collected with every decision waiting: {all.PausesOfWholeHeap} times", all.PausesOfWholeHeap == 0);
        double wait = all.LongestEdited[0];
        Promise($"an edit by itself makes no decision wait for more than 50 ms: {wait:F1} ms, {all.LongestQuiet[0]:F1} without, {all.LongestEmpty[0]:F1} of the machine itself", wait <= 50);
        return isKept && wait <= 500;
    }

    private static bool Promise(FormattableString promise, bool isKept)
    {
        Console.WriteLine((isKept ? "kept: " : "NOT KEPT: ") + promise.ToString(CultureInfo.InvariantCulture));
        return isKept;
    }

    private static void Row(string what, string few, string all) => Console.WriteLine($"| {what} | {few} | {all} |");

    private static string Number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static string Numbers(double[] values) => string.Join(", ", values.Select(Number));

    private static string Waits(double[] values) => string.Join(", ", values.Select(value => value.ToString("F1", CultureInfo.InvariantCulture)));

    private static string Pause(ScalePause pause) =>
        string.Create(CultureInfo.InvariantCulture, $"{pause.Milliseconds:F1}, {pause.Generation}, {pause.Promoted / 1e3:N0}");

    private static string Megabytes(long bytes) => Number(bytes / 1e6);
}
