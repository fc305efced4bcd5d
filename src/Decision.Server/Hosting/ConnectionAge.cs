using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Decision.Server.Hosting;

/// <summary>
/// Lets connections of gRPC end at an age, so that clients that keep one for ever find servers that came later. The client is told (GOAWAY), opens
/// another one for its next call, and calls that run on the old one go on to their end. A timer for each connection, and nothing for a call.
/// </summary>
/// <param name="age">The age; each connection's own is up to a tenth shorter or longer, so that those that came together do not go together.</param>
/// <param name="time">The clock.</param>
internal sealed class ConnectionAge(TimeSpan age, TimeProvider time)
{
    /// <summary>By what part of the age one connection's own differs at most.</summary>
    public const double Spread = 0.1;

    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        if (connection.Features.Get<IConnectionLifetimeNotificationFeature>() is not { } lifetime)
        {
            await next(connection);
            return;
        }

        var own = age * (1 - Spread + (2 * Spread * Random.Shared.NextDouble()));
        await using var timer = time.CreateTimer(
            static lifetime => ((IConnectionLifetimeNotificationFeature)lifetime!).RequestClose(), lifetime, own, Timeout.InfiniteTimeSpan);
        await next(connection);
    };
}
