using System.Net;
using System.Net.WebSockets;

namespace Decision.Console.Tests;

[Collection(AccessCollection.Name)]
public sealed class SecurityTests(Browser browser) : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    private Running Server => browser.Server;

    public void Dispose() => _client.Dispose();

    [Theory]
    [InlineData("sign-in", HttpStatusCode.OK)]
    [InlineData("keys", HttpStatusCode.Redirect)]
    [InlineData("_blazor/negotiate", HttpStatusCode.Unauthorized)]
    public async Task Every_answer_has_the_headers_that_bind_a_browser(string path, HttpStatusCode expected)
    {
        using var answer = await _client.GetAsync(new Uri(Server.Console + path));

        Assert.Equal(expected, answer.StatusCode);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Contains("script-src 'self';", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task Address_without_its_slash_leads_to_the_console()
    {
        using var answer = await _client.GetAsync(new Uri(Server.Console.TrimEnd('/')));

        Assert.Equal((HttpStatusCode.Redirect, "/console/"), (answer.StatusCode, answer.Headers.Location!.ToString()));
    }

    [Fact]
    public async Task Return_address_of_another_site_is_not_followed()
    {
        string form = await _client.GetStringAsync(new Uri(Server.Console + "sign-in?return=//evil.example/x"));

        Assert.DoesNotContain("evil", form, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    public async Task Connection_of_another_site_is_refused_also_with_the_cookie(string? origin)
    {
        await using var window = await browser.SignedInAsync();
        var cookie = Assert.Single(await window.Page.Context.CookiesAsync(), cookie => cookie.Name == "decision-console");
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Cookie", $"{cookie.Name}={cookie.Value}");
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        socket.Options.CollectHttpResponseDetails = true;

        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"ws://{Server.Http}/console/_blazor?id=x"), CancellationToken.None));

        Assert.Equal(HttpStatusCode.Forbidden, socket.HttpStatusCode);
    }

    [Fact]
    public async Task Server_with_admin_addresses_has_the_console_there_only()
    {
        await using var server = await Running.StartAsync("--Storage:Path=:memory:", "--Server:AdminHttp=127.0.0.1:0");
        string admin = server.Output.Split("AdminHttp http://")[1].Split([',', ';', ' '])[0];

        using var open = await _client.GetAsync(new Uri(server.Console + "sign-in"));
        using var apart = await _client.GetAsync(new Uri($"http://{admin}/console/sign-in"));

        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.OK), (open.StatusCode, apart.StatusCode));
    }

    [Fact]
    public async Task Console_that_is_switched_off_says_so()
    {
        await using var server = await Running.StartAsync("--Storage:Path=:memory:", "--Console:Enabled=false");

        using var answer = await _client.GetAsync(new Uri(server.Console));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("Console:Enabled", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
