using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Decision.Server.Hosting;

/// <summary>Gives one connection, or none, and then waits until it is closed.</summary>
internal sealed class WarmUpListener(EndPoint endpoint, ConnectionContext? only) : IConnectionListener
{
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConnectionContext? _next = only;

    public EndPoint EndPoint => endpoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _next, null) is { } connection)
        {
            return connection;
        }

        await _closed.Task.WaitAsync(cancellationToken);
        return null;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _closed.TrySetResult();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync(CancellationToken.None);
}
