using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace Decision.Server.Hosting;

/// <summary>
/// Makes one call to the server through the whole of its HTTP/2 and gRPC before its addresses are open, so that their code is compiled. The first call
/// of a client would else wait for that, longer than many a client's deadline.
/// </summary>
internal sealed class WarmUpTransport(TimeProvider time, ILogger<WarmUpTransport> log) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    // A server that does not answer itself starts all the same, cold.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DuplexPipe _server = new();
    private Task _call = Task.CompletedTask;

    public bool CanBind(EndPoint endpoint) => endpoint is WarmUpEndPoint;

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint == WarmUpEndPoint.Begin)
        {
            _call = WarmUpCall.RunAsync(_server.Far);
            return new WarmUpListener(endpoint, new DefaultConnectionContext("warm-up", _server.Near, _server.Far) { LocalEndPoint = endpoint });
        }

        long begun = time.GetTimestamp();
        try
        {
            await _call.WaitAsync(Patience, time, cancellationToken);
            var took = time.GetElapsedTime(begun);
            ServerLog.WarmedUp(log, took);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            ServerLog.WarmUpFailed(log, exception);
        }
        finally
        {
            // A connection that stays open would hold up a stop.
            await _server.Far.Output.CompleteAsync();
        }

        return new WarmUpListener(endpoint, null);
    }

    private sealed class DuplexPipe
    {
        public DuplexPipe()
        {
            Pipe sent = new();
            Pipe answered = new();
            (Near, Far) = (new Side(sent.Reader, answered.Writer), new Side(answered.Reader, sent.Writer));
        }

        public IDuplexPipe Near { get; }

        public IDuplexPipe Far { get; }
    }

    private sealed record Side(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
