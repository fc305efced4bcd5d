using System.Globalization;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load.Driving;

/// <summary>h2load, the load generator: the same call again and again.</summary>
/// <param name="folder">Where the messages lie, and where it may write.</param>
/// <param name="world">Whose messages they are.</param>
internal sealed class H2Load(string folder, LoadWorld world)
{
    private static readonly string[] Grpc = ["-H", "content-type: application/grpc", "-H", "te: trailers"];

    /// <summary>Sends calls, as many at once as there may be.</summary>
    /// <exception cref="MeasureException">Not every call succeeded.</exception>
    public async Task<Timings> DriveAsync(Way way, string grpcAddress, string httpAddress, Calls calls, int requests, CancellationToken cancellation)
    {
        string log = Path.Combine(folder, "requests.log");
        File.Delete(log);
        int connections = way.IsApart ? calls.AtOnce : calls.Connections;
        int streams = way.IsApart ? 1 : calls.Streams;
        string output = await ChildProcess.RunAsync(
            "h2load",
            [
                "-n", Text(requests), "-c", Text(connections), "-m", Text(streams), "-t", "1", "--log-file=" + log,
                .. way.HttpArguments is { } http
                    ? [.. http(world), $"http://{httpAddress}/{way.Path}"]
                    : (string[])["-d", Path.Combine(folder, way.Messages), .. Grpc, $"http://{grpcAddress}/{way.Path}"],
            ],
            cancellation);
        if (!output.Contains(string.Create(CultureInfo.InvariantCulture, $" {requests} succeeded, 0 failed, 0 errored"), StringComparison.Ordinal))
        {
            throw new MeasureException($"h2load: not all calls of {way.Name} succeeded.\n{output}");
        }

        return new Timings(RateIn(output), await LatenciesAsync(log, cancellation));
    }

    // "finished in 1.02s, 19607.84 req/s, 3.01MB/s"
    private static double RateIn(string output)
    {
        string line = output.Split('\n').FirstOrDefault(line => line.StartsWith("finished in", StringComparison.Ordinal)) ?? "";
        return line.Split(' ') is [_, _, _, var rate, ..] && double.TryParse(rate, CultureInfo.InvariantCulture, out double perSecond)
            ? perSecond
            : throw new MeasureException($"h2load does not say how many requests a second it sent: {line}");
    }

    // Each line: when it began, status, microseconds.
    private static async Task<double[]> LatenciesAsync(string log, CancellationToken cancellation)
    {
        var microseconds = new List<double>();
        await foreach (string line in File.ReadLinesAsync(log, cancellation))
        {
            microseconds.Add(double.Parse(line.AsSpan(line.LastIndexOf('\t') + 1), CultureInfo.InvariantCulture));
        }

        microseconds.Sort();
        return [.. microseconds];
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
