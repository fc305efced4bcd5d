using System.Diagnostics;
using System.Globalization;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load.Driving;

/// <summary>What a server itself says of its decisions and its memory, at <c>/metrics</c>: a load generator sees only that a call was answered.</summary>
internal sealed class ServerCounters(HttpClient http, string address)
{
    // The answer to a scrape is kept for 300 ms; a short run would be compared with itself.
    private static readonly TimeSpan Kept = TimeSpan.FromMilliseconds(350);

    private long _readAt = Stopwatch.GetTimestamp();

    /// <summary>Decisions ALLOWED, others, decisions without the store, bytes allocated; each since the start.</summary>
    public async Task<Counts> ReadAsync(CancellationToken cancellation)
    {
        var wait = Kept - Stopwatch.GetElapsedTime(_readAt);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, TimeProvider.System, cancellation);
        }

        string text;
        try
        {
            text = await http.GetStringAsync(new Uri($"http://{address}/metrics"), cancellation);
        }
        catch (HttpRequestException error)
        {
            throw new MeasureException($"http://{address}/metrics does not answer: {error.Message}");
        }

        _readAt = Stopwatch.GetTimestamp();
        string[] lines = text.Split('\n');
        return new Counts(
            Sum(lines, "decision_decisions", "allowed=\"true\""), Sum(lines, "decision_decisions", "allowed=\"false\""),
            Sum(lines, "decision_degraded"), Sum(lines, "dotnet_gc_heap_total_allocated"));
    }

    private static long Sum(string[] lines, string name, string label = "") => lines
        .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
        .Sum(line => (long)double.Parse(line.AsSpan(line.LastIndexOf(' ') + 1), CultureInfo.InvariantCulture));

    /// <summary>What was counted.</summary>
    internal sealed record Counts(long Allowed, long Refused, long Degraded, long Bytes)
    {
        public static Counts operator -(Counts after, Counts before) => new(
            after.Allowed - before.Allowed, after.Refused - before.Refused, after.Degraded - before.Degraded, after.Bytes - before.Bytes);

        public static Counts operator +(Counts one, Counts other) => new(
            one.Allowed + other.Allowed, one.Refused + other.Refused, one.Degraded + other.Degraded, one.Bytes + other.Bytes);
    }
}
