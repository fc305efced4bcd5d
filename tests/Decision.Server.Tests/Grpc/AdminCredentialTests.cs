using System.Net;
using Decision.Contracts.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Grpc;

public class AdminCredentialTests
{
    private static readonly ExplainRequest Request = new() { Request = Samples.Ask("nobody") };

    public static TheoryData<string[], string> Refused => new()
    {
        { [], "This call needs the admin credential" },
        { ["authorization", "Bearer wrong"], "The admin credential is wrong." },
        { ["authorization", RunningServer.Secret], "must be sent as 'authorization: Bearer <secret>'" },
        { ["authorization", ""], "must be sent as 'authorization: Bearer <secret>'" },
        { ["x-tyk-authorization", RunningServer.Secret + "x"], "The admin credential is wrong." },
        { ["authorization", "Bearer " + RunningServer.Secret, "x-tyk-authorization", RunningServer.Secret], "more than once" },
        { ["authorization", "Bearer wrong", "authorization", "Bearer " + RunningServer.Secret], "more than once" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task Explain_without_the_credential_is_unauthenticated(string[] metadata, string sentence)
    {
        await using var server = await RunningServer.StartAsync();
        var headers = new Metadata();
        foreach (string[] pair in metadata.Chunk(2))
        {
            headers.Add(pair[0], pair[1]);
        }

        var exception = await Failures.OfAsync(() => server.Client.ExplainAsync(Request, headers).ResponseAsync, StatusCode.Unauthenticated);

        Assert.Contains(sentence, exception.Status.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(RunningServer.Secret, exception.Status.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("authorization", "Bearer " + RunningServer.Secret)]
    [InlineData("authorization", "bearer " + RunningServer.Secret)]
    [InlineData("x-tyk-authorization", RunningServer.Secret)]
    public async Task Explain_with_the_credential_is_answered(string name, string value)
    {
        await using var server = await RunningServer.StartAsync();

        var explained = await server.Client.ExplainAsync(Request, new Metadata { { name, value } });

        Assert.Equal(Reason.KeyUnknown, explained.Response.Reason);
    }

    [Theory]
    [InlineData("/decision.v1.authorizeservice/explain")]
    [InlineData("/decision.v1.AuthorizeService/Explain/")]
    [InlineData("/DECISION.V1.AUTHORIZESERVICE/EXPLAIN")]
    [InlineData("/decision.v1.AuthorizeService/%45xplain")]
    public async Task Explain_by_another_spelling_of_its_path_does_not_pass_without_the_credential(string path)
    {
        await using var server = await RunningServer.StartAsync();

        string? status = await CallAsync($"http://{server.Listeners.Grpc}{path}");

        Assert.Contains(status, (string[])["16", "12"]);
    }

    [Fact]
    public async Task Explain_is_served_on_the_admin_address_alone_whatever_the_host_header_says()
    {
        await using var server = await RunningServer.StartAsync(["Server:AdminGrpc=127.0.0.1:0"]);
        var admin = new AuthorizeService.AuthorizeServiceClient(server.ChannelTo($"http://{server.Listeners.AdminGrpc}"));

        await Failures.OfAsync(() => server.Client.ExplainAsync(Request, RunningServer.Admin).ResponseAsync, StatusCode.Unimplemented);
        string? spoofed = await CallAsync(
            $"http://{server.Listeners.Grpc}/decision.v1.AuthorizeService/Explain", server.Listeners.AdminGrpc!.ToString());
        var explained = await admin.ExplainAsync(Request, RunningServer.Admin);
        var decided = await server.Client.AuthorizeAsync(Request.Request);

        Assert.Equal("12", spoofed);
        Assert.Equal(Reason.KeyUnknown, explained.Response.Reason);
        Assert.Equal(Reason.KeyUnknown, decided.Reason);
    }

    [Fact]
    public async Task Authorize_over_a_unix_socket_is_answered()
    {
        using var folder = new TemporaryFolder();
        string socket = Path.Combine(folder.Path, "s.sock");
        await using var server = await RunningServer.StartAsync([$"Server:UnixSocket={socket}"]);
        using var handler = new SocketsHttpHandler();
        handler.ConnectCallback = async (_, cancellation) =>
        {
            var connection = new System.Net.Sockets.Socket(
                System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
            await connection.ConnectAsync(new System.Net.Sockets.UnixDomainSocketEndPoint(socket), cancellation);
            return new System.Net.Sockets.NetworkStream(connection, ownsSocket: true);
        };
        using var channel = GrpcChannel.ForAddress("http://socket", new GrpcChannelOptions { HttpHandler = handler });

        var verdict = await new AuthorizeService.AuthorizeServiceClient(channel).AuthorizeAsync(Request.Request);

        Assert.Equal(Reason.KeyUnknown, verdict.Reason);
        Assert.Equal((UnixFileMode)0b110_110_000, File.GetUnixFileMode(socket));
    }

    private static async Task<string?> CallAsync(string address, string? host = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]),
        };
        request.Headers.Host = host;
        request.Headers.Add("TE", "trailers");
        request.Content.Headers.ContentType = new System.Net.Http.Headers.MediaTypeHeaderValue("application/grpc");
        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        return response.TrailingHeaders.TryGetValues("grpc-status", out var trailing) ? trailing.Single()
            : response.Headers.TryGetValues("grpc-status", out var leading) ? leading.Single()
            : null;
    }
}
