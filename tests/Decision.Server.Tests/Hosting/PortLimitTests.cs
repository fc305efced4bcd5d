using System.Net;
using System.Net.Sockets;
using System.Text;
using Decision.Contracts.V1;
using Decision.Server.Configuration;
using Decision.Server.Tests.Proxies;
using Decision.Server.Tests.Redis;
using Decision.Server.Tests.TykApi;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Server.Tests.Hosting;

/// <summary>What a port takes: sizes, connections, and how slow a client may be.</summary>
public class PortLimitTests
{
    // Ten times what the settings of these tests, or the platform, promise.
    private static readonly TimeSpan TenTimesHeaderTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TenTimesBodyGrace = TimeSpan.FromSeconds(50);

    [Fact]
    public async Task Headers_beyond_the_limit_are_refused_and_within_are_read()
    {
        await using var server = await RunningServer.StartAsync(["Server:MaxHeaderBytes=8192"], Samples.Policies);

        string over = await RawHttp.SendAsync(server.Listeners.Http!, ForwardAuth("X-Filler: " + new string('x', 9000) + "\n"));
        string within = await RawHttp.SendAsync(server.Listeners.Http!, ForwardAuth("X-Filler: " + new string('x', 7000) + "\n"));

        Assert.Equal(431, RawHttp.StatusOf(over));
        Assert.Equal(401, RawHttp.StatusOf(within));
    }

    [Fact]
    public async Task Headers_of_gRPC_beyond_the_limit_are_refused_and_the_next_call_is_answered()
    {
        await using var server = await RunningServer.StartAsync(["Server:MaxHeaderBytes=8192"], Samples.Policies);

        await Assert.ThrowsAsync<RpcException>(async () => await server.Client.AuthorizeAsync(
            Samples.Ask("nobody-has-this-key"), new Metadata { { "x-filler", new string('x', 9000) } }));

        Assert.Equal(Reason.KeyUnknown, (await server.Client.AuthorizeAsync(Samples.Ask("nobody-has-this-key"))).Reason);
    }

    [Fact]
    public async Task A_connection_beyond_the_limit_of_its_address_is_closed_and_told_once()
    {
        var log = new LoggedLines();
        await using var server = await RunningServer.StartAsync(
            ["Server:MaxConnections=2", "Logging:LogLevel:Default=Warning"],
            Samples.Policies,
            replace: services => services.AddLogging(logging => logging.AddProvider(log)));
        var address = server.Listeners.Http!;
        using var first = await AnsweredAsync(address);
        using var second = await AnsweredAsync(address);

        Assert.True(await IsClosedAsync(address));
        Assert.True(await IsClosedAsync(address));
        Assert.Single(log.Lines, line => line.Contains("Server:Http has 2 connections, as many as Server:MaxConnections lets it", StringComparison.Ordinal));

        // Another address has its own; one that ends makes room.
        await server.Client.AuthorizeAsync(Samples.Ask("nobody-has-this-key"));
        first.Dispose();
        await Eventually.IsAsync(() => IsClosedAsync(address), isClosed => !isClosed);
    }

    [Fact]
    public async Task A_connection_is_told_how_many_calls_it_may_have_at_a_time()
    {
        await using var server = await RunningServer.StartAsync(["Server:MaxStreamsPerConnection=7"]);
        using var client = new TcpClient();
        await client.ConnectAsync(server.Listeners.Grpc!);
        var stream = client.GetStream();
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"u8.ToArray());

        byte[] header = new byte[9];
        await stream.ReadExactlyAsync(header);
        byte[] settings = new byte[(header[0] << 16) | (header[1] << 8) | header[2]];
        await stream.ReadExactlyAsync(settings);

        // RFC 9113, 6.5.2: SETTINGS_MAX_CONCURRENT_STREAMS is 3.
        Assert.Equal(4, header[3]);
        Assert.Contains(settings.Chunk(6), setting => setting is [0, 3, 0, 0, 0, 7]);
    }

    [Theory]
    [InlineData("G")]
    [InlineData("GET /healthz/live HTTP/1.1\r\nHost: x\r\nX-Sl")]
    public async Task Headers_that_do_not_come_end_the_connection(string begun)
    {
        await using var server = await RunningServer.StartAsync(["Server:HeaderTimeout=1s"]);
        using var client = await ConnectAsync(server.Listeners.Http!);
        await client.SendAsync(Encoding.ASCII.GetBytes(begun));

        Assert.StartsWith("HTTP/1.1 408", await ReadAsync(client, TenTimesHeaderTimeout), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forward_auth_does_not_wait_for_a_body()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        using var client = await ConnectAsync(server.Listeners.Http!);

        await client.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /forward-auth/orders HTTP/1.1\r\nHost: d\r\nX-Api-Key: {key}\r\nX-Forwarded-Method: GET\r\nX-Forwarded-Uri: /orders/1\r\nContent-Length: 100000\r\n\r\n"));

        byte[] start = new byte[15];
        await new NetworkStream(client).ReadExactlyAsync(start);
        Assert.Equal("HTTP/1.1 200 OK", Encoding.ASCII.GetString(start));
    }

    [Fact]
    public async Task A_body_of_administration_that_does_not_come_ends_the_call_and_stores_nothing()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        using var client = await ConnectAsync(server.Listeners.Http!);

        await client.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /tyk/keys/create HTTP/1.1\r\nHost: d\r\nx-tyk-authorization: {RunningServer.Secret}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{{\"alias\":"));

        Assert.StartsWith("HTTP/1.1 408", await ReadAsync(client, TenTimesBodyGrace), StringComparison.Ordinal);
        using var list = new HttpRequestMessage(HttpMethod.Get, "/tyk/keys");
        list.Headers.Add("x-tyk-authorization", RunningServer.Secret);
        using var listed = await server.Http.SendAsync(list);
        Assert.Contains("[]", await listed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_of_gRPC_that_does_not_come_whole_ends_the_call_and_spends_nothing()
    {
        await using var server = await RunningServer.StartAsync(policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{server.Listeners.Grpc}/decision.v1.AuthorizeService/Authorize")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new StalledMessage(Samples.Ask(key)),
        };
        using var patience = new CancellationTokenSource(TenTimesBodyGrace);

        // Whether as a status or as a reset stream: it ends, and not by this test's own patience.
        bool isRefused;
        try
        {
            using var answer = await http.SendAsync(request, patience.Token);
            isRefused = answer.Headers.TryGetValues("grpc-status", out var status) && status.Single() != "0";
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            // The client's own sending is cancelled when the stream is reset.
            isRefused = !patience.IsCancellationRequested;
        }

        Assert.True(isRefused);
        var peek = await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Peek = true));
        Assert.Equal([2, 3], peek.Limits.Select(limit => limit.Remaining));
    }

    [Theory]
    [InlineData("Server:MaxHeaderBytes=100", "Server:MaxHeaderBytes is '100': write a whole number from 4096 to 1048576.")]
    [InlineData("Server:HeaderTimeout=10ms", "Server:HeaderTimeout is '10ms': write 00:00:01 to 00:10:00.")]
    [InlineData("Server:MaxConnections=-1", "Server:MaxConnections is '-1': write a whole number from 0 to 10000000.")]
    [InlineData("Server:MaxStreamsPerConnection=0", "Server:MaxStreamsPerConnection is '0': write a whole number from 1 to 100000.")]
    public async Task A_limit_that_cannot_be_is_told_at_the_start(string setting, string problem)
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync([setting]));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    private static string ForwardAuth(string headers) =>
        $"GET /forward-auth/orders HTTP/1.1\nHost: d\nConnection: close\nX-Forwarded-Method: GET\nX-Forwarded-Uri: /orders/1\n{headers}\n";

    private static async Task<Socket> ConnectAsync(IPEndPoint address)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        return socket;
    }

    // Once answered, it is counted.
    private static async Task<Socket> AnsweredAsync(IPEndPoint address)
    {
        var socket = await ConnectAsync(address);
        await socket.SendAsync("GET /healthz/live HTTP/1.1\r\nHost: d\r\n\r\n"u8.ToArray());
        Assert.NotEqual(0, await socket.ReceiveAsync(new byte[4096]));
        return socket;
    }

    // Whether a new connection is closed before it is answered.
    private static async Task<bool> IsClosedAsync(IPEndPoint address)
    {
        try
        {
            using var socket = await ConnectAsync(address);
            await socket.SendAsync("GET /healthz/live HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n"u8.ToArray());
            return await socket.ReceiveAsync(new byte[16]) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode is SocketError.ConnectionReset or SocketError.Shutdown)
        {
            return true;
        }
    }

    private static async Task<string> ReadAsync(Socket socket, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        var text = new StringBuilder();
        byte[] buffer = new byte[4096];
        int read;
        while ((read = await socket.ReceiveAsync(buffer, late.Token)) > 0)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    // A request but for its last byte.
    private sealed class StalledMessage : HttpContent
    {
        private readonly byte[] _begun;

        public StalledMessage(AuthorizeRequest request)
        {
            Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/grpc");
            byte[] message = request.ToByteArray();
            Assert.InRange(message.Length, 2, byte.MaxValue);
            _begun = [0, 0, 0, 0, (byte)message.Length, .. message[..^1]];
        }

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync(_begun, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
