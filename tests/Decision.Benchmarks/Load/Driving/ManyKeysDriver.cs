using System.Diagnostics;
using System.Net;

namespace Decision.Benchmarks.Load.Driving;

/// <summary>
/// What h2load cannot do: the same call for many keys, over several servers, or at a given pace. The bare server is driven by it too where
/// something is; what it costs itself is a column of the table.
/// </summary>
/// <param name="framed">The message as gRPC sends it, with the text of the first key.</param>
/// <param name="tokens">The texts of all keys, one after the other.</param>
internal sealed class ManyKeysDriver(byte[] framed, byte[] tokens)
{
    /// <summary>Sends calls.</summary>
    /// <param name="way">What of.</param>
    /// <param name="servers">Addresses of gRPC; the connections are spread over them.</param>
    /// <param name="calls">How many at once.</param>
    /// <param name="requests">How many in all.</param>
    /// <param name="pace">Calls a second; null = as fast as they are answered.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Timings> DriveAsync(
        Way way, IReadOnlyList<string> servers, Calls calls, int requests, double? pace, CancellationToken cancellation)
    {
        var keys = way.Keys ?? new KeyChoice(1, KeyChoiceKind.Each);
        var connections = new List<CallConnection>();
        try
        {
            for (int number = 0; number < calls.Connections; number++)
            {
                string server = servers[number % servers.Count];
                int own = (requests / calls.Connections) + (number < requests % calls.Connections ? 1 : 0);
                var connection = new CallConnection(new RequestTemplate(way.Path, server, framed, tokens), keys, number, own);
                connections.Add(connection);
                await connection.OpenAsync(IPEndPoint.Parse(server), cancellation);
            }

            long begun = Stopwatch.GetTimestamp();
            double step = pace is { } perSecond ? Stopwatch.Frequency / perSecond : 0;
            await Task.WhenAll(connections.Select((connection, number) => pace is null
                ? connection.DriveAsync(calls.Streams, cancellation)
                : connection.PaceAsync(begun + (long)(step * number), (long)(step * calls.Connections), cancellation)));
            double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
            double[] microseconds = [.. connections.SelectMany(connection => connection.Ticks).Select(ticks => ticks * 1e6 / Stopwatch.Frequency)];
            Array.Sort(microseconds);
            return new Timings(requests / seconds, microseconds);
        }
        finally
        {
            connections.ForEach(connection => connection.Dispose());
        }
    }
}
