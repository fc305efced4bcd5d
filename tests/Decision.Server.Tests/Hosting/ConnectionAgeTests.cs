using System.Net;
using Decision.Contracts.Admin.V1;
using Decision.Contracts.V1;
using Decision.Server.Configuration;
using Decision.Server.Tests.Admin;
using Decision.Server.Tests.Redis;
using Decision.TestKit;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Hosting;

/// <summary>Connections of gRPC are renewed at their age, and no call notices.</summary>
public sealed class ConnectionAgeTests : IDisposable
{
    private const int Clients = 4;
    private const int CallersOfEach = 3;
    private const int Renewals = 10;
    private const int LeastCalls = 2000;

    private static readonly TimeSpan Age = TimeSpan.FromMinutes(10);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task No_call_of_many_clients_fails_while_their_connections_are_renewed(bool hasTls, bool retries)
    {
        using TestCertificates certificates = new(_folder.Path);
        string[] tls = hasTls ? [$"Server:Tls:CertificateFile={certificates.ServerFile}", $"Server:Tls:KeyFile={certificates.ServerKeyFile}"] : [];
        await using var server = await StartAsync(tls);
        RenewingClient[] clients = [.. Enumerable.Range(0, Clients).Select(_ => new RenewingClient(server, retries, hasTls ? certificates.Options() : null))];
        using CancellationTokenSource enough = new();
        int calls = 0;
        var load = Task.WhenAll(clients.SelectMany(client => Enumerable.Repeat(client, CallersOfEach)).Select(AskUntilAsync));

        for (int renewal = 1; renewal <= Renewals; renewal++)
        {
            int least = renewal;
            await UntilAsync(() => clients.All(client => client.Opened >= least));

            // Answered over the new ones: their age has begun.
            await Task.WhenAll(clients.Select(client => client.AskAsync()));
            server.Time.Advance(Age * 1.1);
        }

        await UntilAsync(() => clients.All(client => client.Opened > Renewals) && Volatile.Read(ref calls) >= LeastCalls);
        await enough.CancelAsync();
        await load;
        Array.ForEach(clients, client => client.Dispose());

        async Task AskUntilAsync(RenewingClient client)
        {
            while (!enough.IsCancellationRequested)
            {
                Assert.Equal(Reason.KeyUnknown, await client.AskAsync());
                Interlocked.Increment(ref calls);
            }
        }

        // Answered by the first client too, so that each look takes a call's time, and a failure of the load is told at once.
        Task UntilAsync(Func<bool> isReached) => Eventually.IsAsync(
            async () => load.IsFaulted ? throw load.Exception! : await clients[0].AskAsync(), _ => isReached());
    }

    [Fact]
    public async Task Connection_lasts_to_nine_tenths_of_the_age_at_least()
    {
        await using var server = await StartAsync();
        using RenewingClient client = new(server);
        await client.AskAsync();

        server.Time.Advance(Age * 0.89);
        await AskTimesAsync(client, 20);

        Assert.Equal(1, client.Opened);
    }

    [Fact]
    public async Task Endpoint_of_the_platform_s_section_has_its_connections_renewed_too()
    {
        int port = RedisServer.FreePort();
        await using var server = await StartAsync($"Kestrel:Endpoints:Grpc:Url=http://127.0.0.1:{port}", "Kestrel:Endpoints:Grpc:Protocols=Http2");
        using RenewingClient client = new(server, address: new IPEndPoint(IPAddress.Loopback, port));
        await client.AskAsync();

        server.Time.Advance(Age * 1.1);

        await Eventually.IsAsync(() => client.AskAsync(), _ => client.Opened == 2);
    }

    [Fact]
    public async Task Without_an_age_a_connection_lasts_for_ever()
    {
        await using var server = await RunningServer.StartAsync();
        using RenewingClient client = new(server);
        await client.AskAsync();

        server.Time.Advance(TimeSpan.FromDays(2));
        await AskTimesAsync(client, 20);

        Assert.Equal(1, client.Opened);
    }

    [Fact]
    public async Task Stream_that_runs_goes_on_over_the_old_connection_and_the_next_call_goes_over_a_new_one()
    {
        await using var server = await StartAsync();
        string key = await server.CreateKeyAsync("small");
        using RenewingClient client = new(server);
        using var following = new ActivityService.ActivityServiceClient(client.Channel).FollowRefusals(new FollowRefusalsRequest(), RunningServer.Admin);
        await following.ResponseHeadersAsync;
        using var stream = client.Decisions.AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask(key, request => request.Peek = true) });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));

        server.Time.Advance(Age * 1.1);
        await Eventually.IsAsync(() => client.AskAsync(), _ => client.Opened == 2);

        // The server lets them be, also when it has waited long enough for the client to go.
        server.Time.Advance(TimeSpan.FromMinutes(1));
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = Samples.Ask(key) });
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        var refused = await client.Decisions.AuthorizeAsync(Samples.Ask("a-key-that-nobody-has-1"));
        Assert.True(stream.ResponseStream.Current.Response.Allowed);
        Assert.True(await following.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotEmpty(refused.DecisionId);
        Assert.Equal(2, client.Opened);
    }

    [Fact]
    public async Task Client_that_stays_is_answered_then_told_which_call_was_the_last_and_can_read_to_the_end()
    {
        await using var server = await StartAsync();
        using RawHttp2Connection client = new();
        await client.OpenAsync(server.Listeners.Grpc!);
        Assert.Equal(["answer 1"], await client.CallAsync(1));

        // Asked before the next answer, without a call being refused.
        server.Time.Advance(Age * 1.1);
        Assert.Equal(["go away after 2147483647", "answer 3"], await client.CallAsync(3));
        Assert.Equal(["answer 5"], await client.CallAsync(5));

        // It had time to go.
        server.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("go away after 5", await client.ReadAsync());

        // What it sends now is not taken, and does not break what it still has to read.
        await client.SendCallAsync(7);
        client.EndSending();
        Assert.Null(await client.ReadAsync());
    }

    [Theory]
    [InlineData("300ms", "Server:ConnectionAge is '300ms': write 1s or more, or 0 to keep connections for as long as their clients do.")]
    [InlineData("31d", "Server:ConnectionAge is '31d': write 00:00:00 to 30.00:00:00.")]
    [InlineData("soon", "Server:ConnectionAge is 'soon': write")]
    public async Task Age_that_cannot_be_is_told_at_the_start(string age, string problem)
    {
        var refused = await Assert.ThrowsAsync<SettingsException>(() => RunningServer.StartAsync([$"Server:ConnectionAge={age}"]));

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    private static Task<RunningServer> StartAsync(params string[] settings) =>
        RunningServer.StartAsync([$"Server:ConnectionAge={Age.TotalSeconds}", .. settings], Samples.Policies);

    private static async Task AskTimesAsync(RenewingClient client, int times)
    {
        for (int call = 0; call < times; call++)
        {
            await client.AskAsync();
        }
    }
}
