using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Decision.Contracts.V1;
using Decision.Server.Hosting;
using Decision.Server.Tests.Redis;
using Decision.Server.Tests.TykApi;
using Decision.Server.Tls;
using Decision.TestKit;
using Decision.TestKit.Redis;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Decision.Server.Tests.Tls;

/// <summary>TLS and mutual TLS on every address, with certificates that are renewed while the server runs.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestCertificates _certificates;

    public TlsTests() => _certificates = new TestCertificates(_folder.Path);

    public void Dispose()
    {
        _certificates.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Every_address_speaks_TLS()
    {
        await using var server = await StartAsync("Server:AdminGrpc=127.0.0.1:0", "Server:AdminHttp=127.0.0.1:0");
        string key = await server.CreateKeyAsync("small");

        using var grpc = ChannelTo(server.Listeners.Grpc!);
        Assert.True((await new AuthorizeService.AuthorizeServiceClient(grpc).AuthorizeAsync(Samples.Ask(key))).Allowed);
        using var http = HttpTo(server.Listeners.Http!);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode);
        using var adminGrpc = ChannelTo(server.Listeners.AdminGrpc!);
        var explained = await new AuthorizeService.AuthorizeServiceClient(adminGrpc).ExplainAsync(
            new ExplainRequest { Request = Samples.Ask(key) }, RunningServer.Admin);
        Assert.True(explained.Response.Allowed);
        using var adminHttp = HttpTo(server.Listeners.AdminHttp!);
        adminHttp.DefaultRequestHeaders.Add("x-tyk-authorization", RunningServer.Secret);
        Assert.Equal(HttpStatusCode.OK, (await adminHttp.GetAsync(new Uri("/tyk/policies", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Cleartext_is_not_answered_where_TLS_is_spoken()
    {
        await using var server = await StartAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => server.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative)));
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await server.Client.AuthorizeAsync(Samples.Ask("k")));

        // The client reads the alert of TLS as a frame that makes no sense, or finds the connection closed before it has read it.
        Assert.Contains(refused.StatusCode, (StatusCode[])[StatusCode.Unavailable, StatusCode.Internal]);

        // What comes back to the beginning of HTTP/2 is nothing, or an alert of TLS.
        using var raw = new System.Net.Sockets.TcpClient();
        await raw.ConnectAsync(server.Listeners.Grpc!);
        await raw.GetStream().WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        byte[] answer = new byte[64];
        int length = await raw.GetStream().ReadAsync(answer);
        Assert.True(length == 0 || answer[0] == 21, Convert.ToHexString(answer, 0, length));
    }

    [Fact]
    public async Task Addresses_that_are_not_named_stay_in_clear()
    {
        await using var server = await StartAsync("Server:Tls:Addresses=grpc");

        using var grpc = ChannelTo(server.Listeners.Grpc!);
        Assert.False((await new AuthorizeService.AuthorizeServiceClient(grpc).AuthorizeAsync(Samples.Ask("nobody-has-this-key"))).Allowed);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode);
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task Current_versions_of_TLS_are_spoken(SslProtocols version)
    {
        await using var server = await StartAsync();

        await using var connection = await ConnectAsync(server.Listeners.Grpc!, null, version);

        Assert.Equal((version, SslApplicationProtocol.Http2), (connection.SslProtocol, connection.NegotiatedApplicationProtocol));
    }

    [Fact]
    public async Task A_client_shows_a_certificate_where_a_CA_is_set()
    {
        await using var server = await StartAsync("Server:Tls:ClientCaFile=" + _certificates.RootFile);

        foreach (var address in new[] { server.Listeners.Grpc!, server.Listeners.Http! })
        {
            Assert.True(await IsTakenAsync(address, _certificates.Client));
            Assert.False(await IsTakenAsync(address, null));
        }
    }

    [Fact]
    public async Task A_client_s_certificate_must_be_a_client_s_of_that_CA_and_not_have_ended()
    {
        using var others = new TemporaryFolder();
        using var other = new TestCertificates(others.Path);
        await using var server = await StartAsync("Server:Tls:ClientCaFile=" + _certificates.RootFile);

        Assert.False(await IsTakenAsync(server.Listeners.Grpc!, other.Client));
        Assert.False(await IsTakenAsync(server.Listeners.Grpc!, _certificates.IssueServer("a-client")));
        Assert.False(await IsTakenAsync(server.Listeners.Grpc!, _certificates.IssueClient("a-client", lasts: TimeSpan.FromHours(1))));
        Assert.True(await IsTakenAsync(server.Listeners.Grpc!, _certificates.IssueClient("another")));
    }

    [Fact]
    public async Task Only_the_named_addresses_demand_a_client_s_certificate()
    {
        await using var server = await StartAsync("Server:Tls:ClientCaFile=" + _certificates.RootFile, "Server:Tls:ClientCertificateAddresses=Grpc");

        Assert.False(await IsTakenAsync(server.Listeners.Grpc!, null));
        Assert.True(await IsTakenAsync(server.Listeners.Http!, null));
    }

    [Fact]
    public async Task A_renewed_certificate_counts_for_new_connections_and_breaks_no_old_one()
    {
        await using var server = await StartAsync();
        using var before = ChannelTo(server.Listeners.Grpc!);
        var old = new AuthorizeService.AuthorizeServiceClient(before);
        await old.AuthorizeAsync(Samples.Ask("nobody-has-this-key"));
        Assert.Equal(_certificates.Server.SerialNumber, await SerialAsync(server));

        string renewed = _certificates.RenewServer();
        Look(server);

        Assert.Equal(renewed, await SerialAsync(server));
        Assert.Equal(Reason.KeyUnknown, (await old.AuthorizeAsync(Samples.Ask("nobody-has-this-key"))).Reason);
    }

    [Fact]
    public async Task The_poll_takes_a_renewed_certificate_over()
    {
        await using var server = await StartAsync();

        string renewed = _certificates.RenewServer();
        server.Time.Advance(TimeSpan.FromSeconds(1));

        await Eventually.IsAsync(() => SerialAsync(server), serial => serial == renewed);
    }

    [Fact]
    public async Task What_leads_to_the_root_is_sent_too()
    {
        _certificates.RenewServerUnderIntermediate();
        await using var server = await StartAsync();

        // The client knows the root alone.
        Assert.True(await IsTakenAsync(server.Listeners.Grpc!, null));
    }

    [Fact]
    public async Task Files_that_do_not_fit_change_nothing_and_are_told()
    {
        var log = new LoggedLines();
        await using var server = await StartAsync(log);
        string key = await File.ReadAllTextAsync(_certificates.ServerKeyFile);
        string serial = _certificates.RenewServer();
        string renewedKey = await File.ReadAllTextAsync(_certificates.ServerKeyFile);
        await File.WriteAllTextAsync(_certificates.ServerKeyFile, key);

        // Seen once, it may be half of a renewal.
        Look(server);
        Assert.Null(await ProblemAsync(server, "certificates"));
        Look(server);
        Look(server);

        Assert.Contains("server.key does not go with", await ProblemAsync(server, "certificates"), StringComparison.Ordinal);
        Assert.Single(log.Lines, line => line.Contains("the certificate in force stays", StringComparison.Ordinal));
        Assert.Equal(_certificates.Server.SerialNumber, await SerialAsync(server));

        await File.WriteAllTextAsync(_certificates.ServerKeyFile, renewedKey);
        Look(server);

        Assert.Null(await ProblemAsync(server, "certificates"));
        Assert.Equal(serial, await SerialAsync(server));
    }

    [Fact]
    public async Task A_file_that_vanished_changes_nothing_and_is_told()
    {
        await using var server = await StartAsync();
        File.Delete(_certificates.ServerFile);

        Look(server);
        Look(server);

        Assert.Contains("server.pem cannot be read", await ProblemAsync(server, "certificates"), StringComparison.Ordinal);
        Assert.Equal(_certificates.Server.SerialNumber, await SerialAsync(server));
    }

    [Fact]
    public async Task A_renewed_client_CA_counts_for_new_connections()
    {
        using var others = new TemporaryFolder();
        using var other = new TestCertificates(others.Path);
        await using var server = await StartAsync("Server:Tls:ClientCaFile=" + _certificates.RootFile);
        using var root = _certificates.Root;

        File.Copy(other.RootFile, _certificates.RootFile, overwrite: true);
        Look(server);

        Assert.True(await IsTakenAsync(server.Listeners.Grpc!, other.Client, root));
        Assert.False(await IsTakenAsync(server.Listeners.Grpc!, _certificates.Client, root));
    }

    [Fact]
    public void A_certificate_that_ends_soon_is_warned_of_and_one_that_ended_is_told_by_readiness()
    {
        var ends = new DateTimeOffset(_certificates.Server.NotAfter.ToUniversalTime(), TimeSpan.Zero);
        var time = new FakeTimeProvider(ends.AddDays(-15));
        using var log = new LoggedLines();
        var settings = TlsSettings.None with { CertificateFile = _certificates.ServerFile, KeyFile = _certificates.ServerKeyFile };
        var certificates = new ServerCertificates(settings, time, log.CreateLogger("tls"));

        Assert.Null(certificates.Problem);
        Assert.Empty(log.Lines);
        time.SetUtcNow(ends.AddDays(-13));
        Assert.NotNull(new ServerCertificates(settings, time, log.CreateLogger("tls")));
        Assert.Contains("ends on", Assert.Single(log.Lines), StringComparison.Ordinal);

        time.SetUtcNow(ends.AddSeconds(1));
        Assert.Contains("ended on", certificates.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Endpoints_of_the_platform_s_section_demand_a_client_of_the_CA()
    {
        int port = RedisServer.FreePort();
        await using var server = await RunningServer.StartAsync(
        [
            $"Kestrel:Endpoints:Grpc:Url=https://127.0.0.1:{port}", "Kestrel:Endpoints:Grpc:Protocols=Http2",
            "Kestrel:Endpoints:Grpc:ClientCertificateMode=RequireCertificate",
            "Kestrel:Endpoints:Grpc:Certificate:Path=" + _certificates.ServerFile, "Kestrel:Endpoints:Grpc:Certificate:KeyPath=" + _certificates.ServerKeyFile,
            "Server:Tls:ClientCaFile=" + _certificates.RootFile,
        ]);
        var address = new IPEndPoint(IPAddress.Loopback, port);

        Assert.True(await IsTakenAsync(address, _certificates.Client));
        Assert.False(await IsTakenAsync(address, null));
        Assert.False(await IsTakenAsync(address, _certificates.IssueServer("a-client")));
    }

    [Fact]
    public async Task Endpoints_of_the_platform_s_section_take_a_renewed_certificate_over()
    {
        int port = RedisServer.FreePort();
        await using var server = await RunningServer.StartAsync(
        [
            $"Kestrel:Endpoints:Grpc:Url=https://127.0.0.1:{port}", "Kestrel:Endpoints:Grpc:Protocols=Http2",
            "Kestrel:Endpoints:Grpc:Certificate:Path=" + _certificates.ServerFile, "Kestrel:Endpoints:Grpc:Certificate:KeyPath=" + _certificates.ServerKeyFile,
        ]);
        var address = new IPEndPoint(IPAddress.Loopback, port);
        Assert.Equal(_certificates.Server.SerialNumber, await SerialAsync(address));

        string renewed = _certificates.RenewServer();

        // The platform closes the address for a moment and opens it again.
        await Eventually.IsAsync(() => SerialAsync(address), serial => serial == renewed);
    }

    private Task<RunningServer> StartAsync(params string[] settings) => StartAsync(null, settings);

    private Task<RunningServer> StartAsync(LoggedLines? log, params string[] settings) => RunningServer.StartAsync(
        [
            "Server:Tls:CertificateFile=" + _certificates.ServerFile, "Server:Tls:KeyFile=" + _certificates.ServerKeyFile,
            .. log is null ? [] : new[] { "Logging:LogLevel:Default=Information" },
            .. settings,
        ],
        Samples.Policies,
        replace: log is null ? null : services => services.AddLogging(logging => logging.AddProvider(log)));

    private static void Look(RunningServer server) => Assert.Single(server.Services.GetServices<IReloadedFile>().OfType<ServerCertificates>()).Look();

    private async Task<string?> ProblemAsync(RunningServer server, string part)
    {
        using var http = HttpTo(server.Listeners.Http!);
        var ready = System.Text.Json.JsonDocument.Parse(await http.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative)));
        var found = ready.RootElement.GetProperty("parts").EnumerateArray().Single(one => one.GetProperty("name").GetString() == part);
        return found.TryGetProperty("problem", out var problem) ? problem.GetString() : null;
    }

    private Task<string> SerialAsync(RunningServer server) => SerialAsync(server.Listeners.Grpc!);

    private async Task<string> SerialAsync(IPEndPoint address)
    {
        try
        {
            await using var connection = await ConnectAsync(address, null);
            return ((X509Certificate2)connection.RemoteCertificate!).SerialNumber;
        }
        catch (SocketException)
        {
            return "closed";
        }
    }

    private GrpcChannel ChannelTo(IPEndPoint address) => GrpcChannel.ForAddress(
        $"https://{address}", new GrpcChannelOptions { HttpHandler = new SocketsHttpHandler { SslOptions = _certificates.Options(null) }, DisposeHttpClient = true });

    private HttpClient HttpTo(IPEndPoint address) => new(new SocketsHttpHandler { SslOptions = _certificates.Options(null) }) { BaseAddress = new Uri($"https://{address}") };

    // With TLS 1.3 the client has finished before the server looked at its certificate: the first read tells.
    private async Task<bool> IsTakenAsync(IPEndPoint address, X509Certificate2? shown, X509Certificate2? root = null)
    {
        using var handler = new SocketsHttpHandler { SslOptions = _certificates.Options(shown, root) };
        using var invoker = new HttpMessageInvoker(handler);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://{address}/healthz/live") { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        try
        {
            using var answer = await invoker.SendAsync(request, CancellationToken.None);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<SslStream> ConnectAsync(IPEndPoint address, X509Certificate2? shown, SslProtocols version = SslProtocols.None)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = _certificates.Options(shown);
        options.TargetHost = "localhost";
        options.EnabledSslProtocols = version;
        options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        await stream.AuthenticateAsClientAsync(options);
        return stream;
    }
}
