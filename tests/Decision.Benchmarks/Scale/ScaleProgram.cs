using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Decision.Benchmarks.Scale;

/// <summary>
/// <c>scale [--quick]</c>: a thousand keys beside a million (<c>--quick</c>: a hundred thousand), each with 10,000 policies on the embedded store.
/// Prints a table for docs/performance.md; the status is not 0 where a promise is not kept.
/// </summary>
internal static class ScaleProgram
{
    private const int Policies = 10_000;
    private const int FewKeys = 1_000;

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is ["of", string path, string count])
        {
            var world = new ScaleWorld(int.Parse(count, CultureInfo.InvariantCulture), Policies);
            Console.WriteLine(JsonSerializer.Serialize(await ScaleRun.RunAsync(path, world)));
            return 0;
        }

        if (args is not ([] or ["--quick"]))
        {
            await Console.Error.WriteLineAsync("Write: scale, or scale --quick for a hundred thousand keys instead of a million.");
            return 2;
        }

        int many = args is [] ? 1_000_000 : 100_000;
        string folder = Directory.CreateTempSubdirectory("decision-scale-").FullName;
        try
        {
            var few = await MeasureAsync(folder, FewKeys);
            var all = await MeasureAsync(folder, many);
            Print(few, all, many);
            return Check(few, all, many) ? 0 : 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // In a process of its own: what the other one left in memory and caches is not measured.
    private static async Task<ScaleFigures> MeasureAsync(string folder, int keys)
    {
        string path = Path.Combine(folder, $"{keys}.db");
        await new ScaleWorld(keys, Policies).SeedAsync(path);
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        string[] own = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ScaleProgram).Assembly.Location] : [];
        foreach (string argument in (string[])[.. own, "scale", "of", path, keys.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<ScaleFigures>(output)!
            : throw new InvalidOperationException($"Measuring {keys} keys failed with status {process.ExitCode}.");
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
        Row("longest wait at 10,000/s, ms: least, middle, most of five rounds", Waits(few.LongestQuiet), Waits(all.LongestQuiet));
        Row("the same while the policy of all keys is edited", Waits(few.LongestEdited), Waits(all.LongestEdited));
        Row("all pauses of the collector in 2 s, ms: without an edit, with one", Waits(few.Pauses), Waits(all.Pauses));
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
        double wait = all.LongestEdited[0];
        Promise($"an edit by itself makes no decision wait for more than 50 ms: {wait:F1} ms, {all.LongestQuiet[0]:F1} without", wait <= 50);
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

    private static string Megabytes(long bytes) => Number(bytes / 1e6);
}
