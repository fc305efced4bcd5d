using System.Globalization;
using Decision.Benchmarks.Load.Driving;

namespace Decision.Benchmarks.Load.Themes;

/// <summary>Drives the ways of a theme in turn, A B A B, for some rounds.</summary>
internal sealed class ThemeRun(Theme theme, Drive drive, LoadOptions options)
{
    // The runtime compiles a method again some tens of thousands of calls later; of a way in batches a pass is few calls.
    private const int WarmPasses = 8;

    private static readonly Calls Few = new(1, 4, 2_000), Warm = new(4, 8, 15_000);

    /// <summary>Has each server compile what it needs, and read each key once.</summary>
    public async Task WarmUpAsync(CancellationToken cancellation)
    {
        foreach (var way in theme.Ways)
        {
            await drive.RunAsync(way, Few, Few.PerSecond, null, cancellation);
        }

        foreach (var way in theme.Ways.Where(way => way.Keys is { Kind: not KeyChoiceKind.Each }).DistinctBy(way => way.Servers[^1]))
        {
            var each = way with { Keys = new KeyChoice(theme.NumberedKeys, KeyChoiceKind.Each) };
            await drive.RunAsync(each, Warm, theme.NumberedKeys, null, cancellation);
        }

        for (int pass = 0; pass < (options.IsQuick ? 1 : WarmPasses); pass++)
        {
            // What differs in the keys alone runs the same code.
            foreach (var way in theme.Ways.DistinctBy(way => (way.Servers[^1], way.Path, way.Messages, way.IsApart)))
            {
                await drive.RunAsync(way, Warm, Requests(Warm), null, cancellation);
            }
        }
    }

    /// <summary>Measures, and gives the table.</summary>
    public async Task<string> MeasureAsync(CancellationToken cancellation)
    {
        var rows = new List<Row>();
        foreach (var calls in theme.Calls)
        {
            Row[] ways = [.. theme.Ways.Select(way => new Row(calls, way))];
            rows.AddRange(ways);
            for (int round = 0; round < options.Rounds; round++)
            {
                foreach (var row in ways)
                {
                    var sample = await drive.RunAsync(row.Way, calls, Requests(calls), null, cancellation);
                    row.Samples.Add((sample, row == ways[0] ? sample : ways[0].Samples[round].Own));
                }
            }
        }

        return CostTable.Of(rows);
    }

    /// <summary>Likewise, latencies at half of what each way did at most in the same round.</summary>
    public async Task<string> MeasureAtHalfAsync(CancellationToken cancellation)
    {
        var calls = theme.Calls[0];
        Row[] ways = [.. theme.Ways.Select(way => new Row(calls, way))];
        double[] peaks = new double[ways.Length];
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int number = 0; number < ways.Length; number++)
            {
                var way = ways[number].Way;
                double peak = (await drive.RunAsync(way, calls, Requests(calls), null, cancellation)).PerSecond;
                peaks[number] += peak / options.Rounds;
                var sample = await drive.RunAsync(way, calls, (int)(peak / 2 * options.Seconds), peak / 2, cancellation);
                ways[number].Samples.Add((sample, number == 0 ? sample : ways[0].Samples[round].Own));
            }
        }

        return HalfTable.Of(ways, peaks);
    }

    private int Requests(Calls calls) => (int)(calls.PerSecond * options.Seconds);
}
