using Microsoft.AspNetCore.Connections;

namespace Decision.Server.Hosting;

/// <summary>Closes a connection at once where its address has as many as it may.</summary>
internal sealed class ConnectionLimit(string setting, int most, ILogger log)
{
    private readonly LogPace _pace = new(TimeProvider.System);
    private int _count;

    public ConnectionDelegate Around(ConnectionDelegate next) => async connection =>
    {
        try
        {
            if (Interlocked.Increment(ref _count) > most)
            {
                if (_pace.IsDue(out long unsaid))
                {
                    ServerLog.TooManyConnections(log, setting, most, unsaid);
                }

                connection.Abort();
                return;
            }

            await next(connection);
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    };
}
