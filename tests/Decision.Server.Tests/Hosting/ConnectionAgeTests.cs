using System.Net.Sockets;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Tests.Admin;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Hosting;

/// <summary>Connections of gRPC are renewed at their age, and no call notices.</summary>
public sealed class ConnectionAgeTests
{
    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    [Fact]
    public async Task Client_opens_another_connection_at_the_age_and_no_call_fails()
    {
        await using var server = await RunningServer.StartAsync([$"Server:ConnectionAge={Age.TotalSeconds}"]);
        using var client = new CountingClient(server);
        await client.AskAsync();
        using var enough = new CancellationTokenSource();
        var load = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => AskUntilAsync(client, enough.Token)));

        for (int renewed = 1; renewed <= 5; renewed++)
        {
            int opened = renewed;
            server.Time.Advance(Age * 1.1);
            await Redis.Eventually.IsAsync(client.AskAsync, _ => client.Opened > opened);

            // Answered over the new one: its age has begun.
            await client.AskAsync();
        }

        await enough.CancelAsync();
        await load;
    }

    [Fact]
    public async Task Connection_lasts_to_nine_tenths_of_the_age_at_least()
    {
        await using var server = await RunningServer.StartAsync([$"Server:ConnectionAge={Age.TotalSeconds}"]);
        using var client = new CountingClient(server);
        await client.AskAsync();

        server.Time.Advance(Age * 0.89);
        for (int call = 0; call < 20; call++)
        {
            await client.AskAsync();
        }

        Assert.Equal(1, client.Opened);
    }

    [Fact]
    public async Task Call_that_runs_goes_on_over_the_old_connection_and_the_next_goes_over_a_new_one()
    {
        await using var server = await RunningServer.StartAsync([$"Server:ConnectionAge={Age.TotalSeconds}"], policies: Samples.Policies);
        string key = await server.CreateKeyAsync("small");
        using var client = new CountingClient(server);
        using var following = new ActivityService.ActivityServiceClient(client.Channel).FollowRefusals(new FollowRefusalsRequest(), RunningServer.Admin);
        await following.ResponseHeadersAsync;
        using var stream = client.Decisions.AuthorizeStream();

        server.Time.Advance(Age * 1.1);
        await Redis.Eventually.IsAsync(client.AskAsync, _ => client.Opened == 2);
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask(key, request => request.RequestId = "old") });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        var refused = await client.Decisions.AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));

        Assert.True(stream.ResponseStream.Current.Response.Allowed);
        Assert.True(await following.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotEmpty(refused.DecisionId);
        Assert.Equal(2, client.Opened);
    }

    [Fact]
    public async Task Without_an_age_a_connection_lasts_for_ever()
    {
        await using var server = await RunningServer.StartAsync(["Server:ConnectionAge=0"]);
        using var client = new CountingClient(server);
        await client.AskAsync();

        server.Time.Advance(TimeSpan.FromDays(2));
        for (int call = 0; call < 20; call++)
        {
            await client.AskAsync();
        }

        Assert.Equal(1, client.Opened);
    }

    private static async Task AskUntilAsync(CountingClient client, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            Assert.Equal(Reason.KeyUnknown, await client.AskAsync());
        }
    }

    /// <summary>A client without retries, that counts its connections.</summary>
    private sealed class CountingClient : IDisposable
    {
        private int _opened;

        public CountingClient(RunningServer server) => Channel = GrpcChannel.ForAddress($"http://{server.Listeners.Grpc}", new GrpcChannelOptions
        {
            DisposeHttpClient = true,
            HttpHandler = new SocketsHttpHandler { ConnectCallback = ConnectAsync },
        });

        public GrpcChannel Channel { get; }

        public AuthorizeService.AuthorizeServiceClient Decisions => new(Channel);

        public int Opened => Volatile.Read(ref _opened);

        public async Task<Reason> AskAsync() => (await Decisions.AuthorizeAsync(Samples.Ask("nobody"))).Reason;

        public void Dispose() => Channel.Dispose();

        private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            Interlocked.Increment(ref _opened);
            return new NetworkStream(socket, ownsSocket: true);
        }
    }
}
