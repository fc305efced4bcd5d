using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Decision.Benchmarks.Processes;

namespace Decision.Benchmarks.Load.Driving;

/// <summary>
/// What h2load cannot do: the same call for many keys, over several servers, or at a given pace. The bare server is driven by it too where
/// something is; what it costs itself is a column of the table.
/// </summary>
/// <param name="framed">The message as gRPC sends it, with the text of the first key.</param>
/// <param name="tokens">The texts of all keys, one after the other.</param>
internal sealed class ManyKeysDriver(byte[] framed, byte[] tokens)
{
    /// <summary>For how long a call that is due may have to wait for others, at a pace: a machine that stands still for a while makes it take long, no more.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);

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
            await (pace is { } perSecond
                ? PaceAsync(connections, requests, begun, Stopwatch.Frequency / perSecond, cancellation)
                : Task.WhenAll(connections.Select(connection => connection.DriveAsync(calls.Streams, cancellation))));
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

    // One thread sends each call when it is due, over the connections in turn, whatever became of those before.
    private async Task PaceAsync(List<CallConnection> connections, int requests, long begun, double step, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task[] receivers = [.. connections.Select(connection => connection.ReceiveAllAsync(either.Token))];
        try
        {
            await Task.Factory.StartNew(Send, cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch (Exception error) when (error is MeasureException or SocketException)
        {
            await either.CancelAsync();
            throw;
        }

        if (receivers.Any(receiver => receiver.IsFaulted))
        {
            await either.CancelAsync();
        }

        await Task.WhenAll(receivers);

        void Send()
        {
            for (int number = 0; number < requests && !receivers.Any(receiver => receiver.IsFaulted); number++)
            {
                cancellation.ThrowIfCancellationRequested();
                long due = begun + (long)(step * number);
                Pace.WaitUntil(due);
                connections[number % connections.Count].SendDue(due, Patience);
            }
        }
    }
}
