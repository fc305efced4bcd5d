using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Client.Configuration;

namespace Decision.Server.Tests.Hosting;

/// <summary>A client of gRPC with a connection of its own, that counts how often it opened one.</summary>
internal sealed class RenewingClient : IDisposable
{
    private int _opened;

    /// <param name="server">Whom to ask.</param>
    /// <param name="retries">Whether it asks again where a call is said to be UNAVAILABLE.</param>
    /// <param name="tls">How it knows the server; null = without TLS.</param>
    /// <param name="address">Where to ask; null = at <c>Server:Grpc</c>.</param>
    public RenewingClient(RunningServer server, bool retries = false, SslClientAuthenticationOptions? tls = null, IPEndPoint? address = null)
    {
        var handler = new SocketsHttpHandler { ConnectCallback = ConnectAsync };
        if (tls is not null)
        {
            handler.SslOptions = tls;
        }

        Channel = GrpcChannel.ForAddress($"{(tls is null ? "http" : "https")}://{address ?? server.Listeners.Grpc}", new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            ServiceConfig = retries ? new ServiceConfig { MethodConfigs = { Retrying() } } : null,
        });
    }

    public GrpcChannel Channel { get; }

    public AuthorizeService.AuthorizeServiceClient Decisions => new(Channel);

    public int Opened => Volatile.Read(ref _opened);

    public async Task<Reason> AskAsync(string key = "nobody") => (await Decisions.AuthorizeAsync(Samples.Ask(key))).Reason;

    public void Dispose() => Channel.Dispose();

    private static MethodConfig Retrying() => new()
    {
        Names = { MethodName.Default },
        RetryPolicy = new RetryPolicy
        {
            MaxAttempts = 3,
            InitialBackoff = TimeSpan.FromMilliseconds(10),
            MaxBackoff = TimeSpan.FromMilliseconds(50),
            BackoffMultiplier = 2,
            RetryableStatusCodes = { StatusCode.Unavailable },
        },
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        Interlocked.Increment(ref _opened);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
