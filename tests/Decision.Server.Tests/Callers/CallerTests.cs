using System.Net;
using System.Security.Cryptography.X509Certificates;
using Decision.Contracts.V1;
using Decision.Server.Tests.TykApi;
using Decision.TestKit;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;

namespace Decision.Server.Tests.Callers;

/// <summary>Who may ask for decisions, and for what, where <c>Callers:File</c> names them.</summary>
public sealed class CallerTests : IDisposable
{
    private readonly CallerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Theory]
    [InlineData(null, "Callers need a token here: send 'authorization: Bearer <token>' or 'x-decision-token: <token>'.")]
    [InlineData("authorization=Bearer wrong", "The token is no caller's: send 'authorization: Bearer <token>' or 'x-decision-token: <token>'.")]
    [InlineData("authorization=edge-token", "The token is no caller's")]
    [InlineData("authorization=Bearer ", "The token is no caller's")]
    [InlineData("x-decision-token=", "The token is no caller's")]
    [InlineData("x-decision-token=edge-token authorization=Bearer+edge-token", "The token was sent more than once")]
    [InlineData("x-decision-token=edge-token, edge-token", "The token is no caller's")]
    public async Task Who_is_not_known_may_not_ask(string? sent, string problem)
    {
        await using var server = await _site.StartAsync();
        string key = await server.CreateKeyAsync("small");
        var headers = new Metadata();
        foreach (string header in sent?.Split(sent.Contains("+edge", StringComparison.Ordinal) ? ' ' : '\n') ?? [])
        {
            headers.Add(header.Split('=')[0], header.Split('=')[1].Replace('+', ' '));
        }

        var unary = await Failures.OfAsync(async () => await server.Client.AuthorizeAsync(Samples.Ask(key), headers), StatusCode.Unauthenticated);
        var batch = await Failures.OfAsync(
            async () => await server.Client.AuthorizeBatchAsync(new AuthorizeBatchRequest { Requests = { Samples.Ask(key) } }, headers), StatusCode.Unauthenticated);
        using var stream = server.Client.AuthorizeStream(headers);
        var streamed = await Failures.OfAsync(() => stream.ResponseStream.MoveNext(), StatusCode.Unauthenticated);

        Assert.All([unary, batch, streamed], failure => Assert.StartsWith(problem, failure.Status.Detail, StringComparison.Ordinal));
        Assert.Equal(2, await RemainingAsync(server, key));
    }

    [Theory]
    [InlineData("authorization", "Bearer edge-token")]
    [InlineData("authorization", "bearer edge-token")]
    [InlineData("x-decision-token", "edge-token")]
    [InlineData("x-decision-token", "acme-old")]
    [InlineData("x-decision-token", "acme-new")]
    public async Task A_caller_is_known_by_each_of_its_tokens(string name, string value)
    {
        await using var server = await _site.StartAsync();
        string key = await server.CreateKeyAsync("small");

        Assert.True((await server.Client.AuthorizeAsync(Samples.Ask(key), new Metadata { { name, value } })).Allowed);
    }

    [Fact]
    public async Task Health_metrics_and_administration_need_no_caller()
    {
        await using var server = await _site.StartAsync();
        string key = await server.CreateKeyAsync("small");

        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(new Uri("/healthz/ready", UriKind.Relative))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync(new Uri("/metrics", UriKind.Relative))).StatusCode);
        var health = new global::Grpc.Health.V1.Health.HealthClient(server.Channel);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest())).Status);
        Assert.True((await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask(key) }, RunningServer.Admin)).Response.Allowed);
    }

    [Fact]
    public async Task The_admin_secret_is_no_caller_s_token_nor_a_token_the_admin_s()
    {
        await using var server = await _site.StartAsync();

        await Failures.OfAsync(async () => await server.Client.AuthorizeAsync(Samples.Ask("k"), RunningServer.Admin), StatusCode.Unauthenticated);
        await Failures.OfAsync(
            async () => await server.Client.ExplainAsync(new ExplainRequest { Request = Samples.Ask("k") }, CallerSite.Token("edge-token")), StatusCode.Unauthenticated);
    }

    [Fact]
    public async Task To_a_caller_of_one_organisation_keys_of_others_do_not_exist()
    {
        await using var server = await _site.StartAsync();
        string foreign = await server.CreateKeyAsync(new Engine.Keys.Key { OrganizationId = "globex", Alias = "secret-alias", ApplyPolicies = ["globex"] });
        string own = await server.CreateKeyAsync("small");

        var asScoped = await server.Client.AuthorizeAsync(Samples.Ask(foreign, ask => ask.ApiId = "things"), CallerSite.Token("acme-new"));
        var asAnyone = await server.Client.AuthorizeAsync(Samples.Ask(foreign, ask => ask.ApiId = "things"), CallerSite.Token("edge-token"));

        // As for a key that nobody has: nothing of it is told, nothing spent.
        Assert.Equal((Reason.KeyUnknown, false), (asScoped.Reason, asScoped.Allowed));
        Assert.Equal(("", "", ""), (asScoped.KeyId, asScoped.Alias, asScoped.OrganizationId));
        Assert.Empty(asScoped.Limits);
        Assert.Equal((true, 4), (asAnyone.Allowed, asAnyone.Limits[0].Remaining));
        Assert.True((await server.Client.AuthorizeAsync(Samples.Ask(own), CallerSite.Token("acme-new"))).Allowed);
    }

    [Fact]
    public async Task To_a_caller_of_one_organisation_APIs_of_others_do_not_exist()
    {
        await using var server = await _site.StartAsync();
        var ask = new AuthorizeRequest { Host = "open.example.com", Method = "GET", Path = "/open/x" };

        Assert.True((await server.Client.AuthorizeAsync(ask, CallerSite.Token("edge-token"))).Allowed);
        Assert.Equal(Reason.ApiUnknown, (await server.Client.AuthorizeAsync(ask, CallerSite.Token("acme-new"))).Reason);
        Assert.Equal(
            Reason.ApiUnknown,
            (await server.Client.AuthorizeAsync(new AuthorizeRequest { ApiId = "open", Method = "GET", Path = "/open/x" }, CallerSite.Token("acme-new"))).Reason);
    }

    [Fact]
    public async Task A_caller_may_not_ask_for_an_organisation_outside_its_scope()
    {
        await using var server = await _site.StartAsync();

        var refused = await Failures.OfAsync(
            async () => await server.Client.AuthorizeAsync(Samples.Ask("k", ask => ask.OrganizationId = "globex"), CallerSite.Token("acme-new")), StatusCode.PermissionDenied);

        Assert.Equal("The caller acme-proxy may not ask for organisation \"globex\": its entry in Callers:File says what it may.", refused.Status.Detail);
    }

    [Theory]
    [InlineData("orders", "", true)]
    [InlineData("payments", "", false)]
    [InlineData("", "shop.example.com", true)]
    [InlineData("", "open.example.com", false)]
    public async Task A_caller_may_ask_for_the_APIs_of_its_scope(string apiId, string host, bool isTaken)
    {
        await using var server = await _site.StartAsync();
        string key = await server.CreateKeyAsync("small");
        var ask = Samples.Ask(key, ask => (ask.ApiId, ask.Host, ask.Path) = (apiId, host, host.StartsWith("open", StringComparison.Ordinal) ? "/open/x" : "/orders/1"));
        var token = CallerSite.Token("orders-token");

        if (isTaken)
        {
            Assert.True((await server.Client.AuthorizeAsync(ask, token)).Allowed);
            return;
        }

        var unary = await Failures.OfAsync(async () => await server.Client.AuthorizeAsync(ask, token), StatusCode.PermissionDenied);
        var batch = await Failures.OfAsync(
            async () => await server.Client.AuthorizeBatchAsync(new AuthorizeBatchRequest { Requests = { Samples.Ask(key), ask } }, token), StatusCode.PermissionDenied);
        Assert.All([unary, batch], failure => Assert.Contains("The caller orders-proxy may not ask for API", failure.Status.Detail, StringComparison.Ordinal));

        // Of a batch that was refused nothing is spent.
        Assert.Equal(2, await RemainingAsync(server, key));
    }

    [Fact]
    public async Task A_client_certificate_tells_a_caller_by_any_of_its_names()
    {
        using var certificates = new TestCertificates(_site.Folder);
        _site.Write("""
            { "by-dns": { "certificate_names": "A-Client", "apis": ["orders"] }, "by-uri": { "certificate_names": ["spiffe://mesh/billing"], "apis": ["billing"] } }
            """);
        await using var server = await _site.StartAsync(
            "Server:Tls:CertificateFile=" + certificates.ServerFile, "Server:Tls:KeyFile=" + certificates.ServerKeyFile,
            "Server:Tls:ClientCaFile=" + certificates.RootFile, "Server:Tls:Addresses=Grpc");
        string key = await server.CreateKeyAsync("small");

        Assert.Equal(StatusCode.OK, await AskAsync(certificates.Client, "orders"));
        Assert.Equal(StatusCode.PermissionDenied, await AskAsync(certificates.Client, "billing"));
        Assert.Equal(StatusCode.OK, await AskAsync(certificates.IssueClient("whatever", "spiffe://mesh/billing"), "billing"));
        Assert.Equal(StatusCode.Unauthenticated, await AskAsync(certificates.IssueClient("nobody"), "orders"));

        async Task<StatusCode> AskAsync(X509Certificate2 shown, string api)
        {
            using var handler = new SocketsHttpHandler { SslOptions = certificates.Options(shown) };
            using var channel = GrpcChannel.ForAddress($"https://{server.Listeners.Grpc}", new GrpcChannelOptions { HttpHandler = handler });
            try
            {
                await new AuthorizeService.AuthorizeServiceClient(channel).AuthorizeAsync(Samples.Ask(key, ask => ask.ApiId = api));
                return StatusCode.OK;
            }
            catch (RpcException exception)
            {
                return exception.StatusCode;
            }
        }
    }

    [Fact]
    public async Task A_flood_of_refusals_is_no_flood_of_lines_and_no_token_is_in_one()
    {
        var log = new LoggedLines();
        await using var server = await _site.StartAsync(log);
        for (int call = 0; call < 20; call++)
        {
            await Failures.OfAsync(async () => await server.Client.AuthorizeAsync(Samples.Ask("k"), CallerSite.Token("not-a-token-of-anyone")), StatusCode.Unauthenticated);
        }

        server.Time.Advance(TimeSpan.FromSeconds(10));
        await Failures.OfAsync(async () => await server.Client.AuthorizeAsync(Samples.Ask("k"), CallerSite.Token("not-a-token-of-anyone")), StatusCode.Unauthenticated);

        string[] told = [.. log.Lines.Where(line => line.Contains("A call from 127.0.0.1 was refused", StringComparison.Ordinal))];
        Assert.Equal(2, told.Length);
        Assert.Contains("(19 more", told[1], StringComparison.Ordinal);
        Assert.DoesNotContain(log.Lines, line => line.Contains("not-a-token-of-anyone", StringComparison.Ordinal));
    }

    private static async Task<long> RemainingAsync(RunningServer server, string key) =>
        (await server.Client.AuthorizeAsync(Samples.Ask(key, ask => ask.Peek = true), CallerSite.Token("edge-token"))).Limits[0].Remaining;
}
