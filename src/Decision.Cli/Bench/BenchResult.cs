using System.Globalization;
using System.Text.Json.Nodes;
using Decision.Cli.Authorize;
using Decision.Cli.Results;
using Decision.Contracts.V1;
using Grpc.Core;
using Spectre.Console;

namespace Decision.Cli.Bench;

/// <summary>What calls came to. One per worker, added up at the end.</summary>
internal sealed class BenchResult
{
    private readonly LatencyHistogram _latencies = new();
    private readonly SortedDictionary<string, long> _reasons = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _failures = new(StringComparer.Ordinal);

    public long Calls => _latencies.Count;

    /// <summary>Calls that gave no verdict.</summary>
    public long Failures => _failures.Values.Sum();

    public void Add(Reason reason, TimeSpan latency)
    {
        _latencies.Add(latency);
        CollectionAdd(_reasons, VerdictText.Reason(reason), 1);
    }

    public void Add(StatusCode failure) => CollectionAdd(_failures, failure.ToString(), 1);

    public void Add(BenchResult other)
    {
        _latencies.Add(other._latencies);
        foreach (var (reason, count) in other._reasons)
        {
            CollectionAdd(_reasons, reason, count);
        }

        foreach (var (failure, count) in other._failures)
        {
            CollectionAdd(_failures, failure, count);
        }
    }

    public double PerSecond(TimeSpan elapsed) => Calls / Math.Max(elapsed.TotalSeconds, 0.001);

    public JsonObject Json(TimeSpan elapsed) => new()
    {
        ["decisions"] = Calls,
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 3),
        ["decisions_per_second"] = Math.Round(PerSecond(elapsed), 1),
        ["p50_ms"] = Milliseconds(0.5),
        ["p99_ms"] = Milliseconds(0.99),
        ["p999_ms"] = Milliseconds(0.999),
        ["max_ms"] = Milliseconds(1),
        ["reasons"] = Counts(_reasons),
        ["failures"] = Counts(_failures),
    };

    public void Show(IAnsiConsole console, TimeSpan elapsed)
    {
        string number(double value) => value.ToString("N0", CultureInfo.InvariantCulture);
        string time(double share) => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds(share):0.00} ms");
        console.Write(Tables.Fields(
            ("decisions", string.Create(CultureInfo.InvariantCulture, $"{number(Calls)} in {elapsed.TotalSeconds:0.0}s, {number(PerSecond(elapsed))} per second")),
            ("latency", $"p50 {time(0.5)}   p99 {time(0.99)}   p99.9 {time(0.999)}   max {time(1)}")));
        var table = Tables.Create("VERDICT", "DECISIONS", "SHARE");
        foreach (var (reason, count) in _reasons)
        {
            table.Row(reason, number(count), string.Create(CultureInfo.InvariantCulture, $"{100.0 * count / Calls:0.0}%"));
        }

        console.WriteLine();
        console.WriteTable(table);
        foreach (var (failure, count) in _failures)
        {
            console.WriteLine($"{number(count)} calls failed: {failure}");
        }
    }

    private static JsonObject Counts(SortedDictionary<string, long> counts)
    {
        var json = new JsonObject();
        foreach (var (name, count) in counts)
        {
            json[name] = count;
        }

        return json;
    }

    private static void CollectionAdd(SortedDictionary<string, long> counts, string name, long more) => counts[name] = counts.GetValueOrDefault(name) + more;

    private double Milliseconds(double share) => Math.Round(_latencies.Quantile(share).TotalMilliseconds, 3);
}
