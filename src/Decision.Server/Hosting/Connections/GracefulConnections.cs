using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Decision.Server.Hosting.Connections;

/// <summary>The open connections of gRPC: each ends at its age, and all at a stop, without losing a call.</summary>
internal sealed class GracefulConnections(TimeProvider time)
{
    // By what part of the age a connection's own may differ, so that those that came together do not go together.
    private const double Spread = 0.1;

    private readonly ConcurrentDictionary<GracefulConnection, bool> _open = new();

    /// <summary>Where frames of HTTP/2 are in the clear: inside of TLS.</summary>
    /// <param name="next">What speaks HTTP/2.</param>
    /// <param name="age">Of a connection, give or take a tenth; zero = any.</param>
    public ConnectionDelegate Around(ConnectionDelegate next, TimeSpan age) => async context =>
    {
        await using var connection = new GracefulConnection(context, age * (1 - Spread + (2 * Spread * Random.Shared.NextDouble())), time);
        _open[connection] = true;
        try
        {
            await next(context);
            await connection.LingerAsync();
        }
        finally
        {
            _open.TryRemove(connection, out _);
        }
    };

    /// <summary>Asks the clients of all connections to go elsewhere, each before the next answer that it gets.</summary>
    /// <returns>Completes when all of these connections have ended.</returns>
    public Task AskToLeave()
    {
        var asked = _open.Keys.ToArray();
        foreach (var connection in asked)
        {
            connection.AskToLeave();
        }

        return Task.WhenAll(asked.Select(connection => connection.Ended));
    }
}
