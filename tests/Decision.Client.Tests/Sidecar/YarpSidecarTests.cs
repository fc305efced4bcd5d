using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Decision.Client.Tests.Sidecar;

/// <summary>The sample as a process, with its own settings file, between clients and an upstream, and a server as a process that it asks.</summary>
public sealed partial class YarpSidecarTests(SharedServer shared) : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ProgramProcess> _sidecars = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false });
    private readonly DecisionServer _server = shared.Server;
    private Upstream _upstream = null!;

    public async ValueTask InitializeAsync()
    {
        _upstream = await Upstream.StartAsync();
        string settings = Path.Combine(Path.GetDirectoryName(ProgramProcess.PathOf("SidecarProgram"))!, "appsettings.json");
        File.Copy(settings, Path.Combine(_folder.Path, "appsettings.json"));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        foreach (var sidecar in _sidecars)
        {
            await sidecar.DisposeAsync();
        }

        await _upstream.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_key_passes_as_who_it_is_until_its_rate_is_used_up()
    {
        var (key, id) = await _server.CreateKeyAsync("rate");
        await StartAsync();

        using var first = await SendAsync("/orders/1?page=2", ("X-Api-Key", key), ("X-Decision-Key-Id", "forged"), ("x-decision-tags", "forged"), ("X-Trace", "kept"));
        using var second = await SendAsync("/orders/2", ("Authorization", "Bearer " + key));
        using var third = await SendAsync("/orders/3", ("X-Api-Key", key));

        Assert.Equal((HttpStatusCode.OK, "from the upstream"), (first.StatusCode, await first.Content.ReadAsStringAsync()));
        Assert.Equal("\"rate\";q=2;w=3600", Header(first, "RateLimit-Policy"));
        Assert.StartsWith("\"rate\";r=1;t=", Header(first, "RateLimit"), StringComparison.Ordinal);
        Assert.Equal(("2", "1", "ALLOWED"), (Header(first, "X-RateLimit-Limit"), Header(first, "X-RateLimit-Remaining"), Header(first, "X-Decision-Reason")));
        Assert.NotEqual("of the upstream", Header(first, "X-Decision-Id"));
        Assert.Equal(HttpStatusCode.OK, second.StatusCode);

        Assert.Equal((HttpStatusCode.TooManyRequests, "RATE_LIMITED"), (third.StatusCode, Header(third, "X-Decision-Reason")));
        Assert.StartsWith("{\"error\": \"", await third.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.InRange(long.Parse(Header(third, "Retry-After"), CultureInfo.InvariantCulture), 1, 3600);
        Assert.Equal("0", Header(third, "X-RateLimit-Remaining"));

        Assert.Equal(2, _upstream.Requests.Count);
        string request = _upstream.Requests.First();
        Assert.StartsWith("GET /orders/1?page=2\n", request, StringComparison.Ordinal);
        Assert.Contains($"\nX-Decision-Key-Id: {id}\n", request + "\n", StringComparison.Ordinal);
        Assert.Contains("\nX-Decision-Organization-Id: acme\n", request + "\n", StringComparison.Ordinal);
        Assert.Contains("\nX-Decision-Alias: Zo%C3%AB\n", request + "\n", StringComparison.Ordinal);
        Assert.Contains("\nX-Decision-Tags: small%2C%20but%20fine\n", request + "\n", StringComparison.Ordinal);
        Assert.Contains("\nX-Trace: kept\n", request + "\n", StringComparison.Ordinal);
        Assert.All(_upstream.Requests, each => Assert.DoesNotContain("forged", each, StringComparison.Ordinal));
        Assert.All(_upstream.Requests, each => Assert.DoesNotContain(key, each, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_route_costs_what_it_says_and_a_quota_ends()
    {
        var (key, _) = await _server.CreateKeyAsync("quota");
        await StartAsync();

        using var dear = await SendAsync("/reports/1", ("X-Api-Key", key));
        using var cheap = await SendAsync("/orders/1", ("X-Api-Key", key));
        using var none = await SendAsync("/orders/2", ("X-Api-Key", key));

        Assert.Equal((HttpStatusCode.OK, "1"), (dear.StatusCode, Header(dear, "X-RateLimit-Remaining")));
        Assert.Equal((HttpStatusCode.OK, "0"), (cheap.StatusCode, Header(cheap, "X-RateLimit-Remaining")));
        Assert.Equal((HttpStatusCode.TooManyRequests, "QUOTA_EXCEEDED"), (none.StatusCode, Header(none, "X-Decision-Reason")));
    }

    [Fact]
    public async Task Who_may_not_is_told_why()
    {
        var (key, _) = await _server.CreateKeyAsync("rate");
        var (limited, _) = await _server.CreateKeyAsync("paths");
        await StartAsync();

        await RefusedAsync("/orders/1", null, HttpStatusCode.Unauthorized, "KEY_MISSING");
        await RefusedAsync("/orders/1", "a-key-that-nobody-made", HttpStatusCode.Forbidden, "KEY_UNKNOWN");
        await RefusedAsync("/reports/1", key, HttpStatusCode.Forbidden, "API_NOT_GRANTED");
        await RefusedAsync("/orders/closed", limited, HttpStatusCode.Forbidden, "PATH_NOT_GRANTED");
        using var open = await SendAsync("/orders/open", ("X-Api-Key", limited));

        Assert.Equal(HttpStatusCode.OK, open.StatusCode);
        Assert.Single(_upstream.Requests);
    }

    // The proxy tidies the path up before it chooses a route; the service sees it as it came.
    [Theory]
    [InlineData("/orders/open/..%2fclosed")]
    [InlineData("/orders/closed/%2e%2e/open")]
    public async Task A_path_that_can_be_read_in_two_ways_is_refused(string path)
    {
        var (key, _) = await _server.CreateKeyAsync("paths");
        var address = await StartAsync();

        // A client that leaves the path as it is.
        var uri = new Uri(address, path);
        using var connection = new System.Net.Sockets.TcpClient();
        await connection.ConnectAsync(IPAddress.Loopback, uri.Port);
        await connection.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-Api-Key: {key}\r\n\r\n"));
        using var reader = new StreamReader(connection.GetStream());
        string answer = await reader.ReadToEndAsync();

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("X-Decision-Reason: PATH_INVALID", answer, StringComparison.Ordinal);
        Assert.Empty(_upstream.Requests);
    }

    [Fact]
    public async Task A_health_check_passes_unasked_and_what_no_route_takes_is_asked_about_by_host_and_path()
    {
        var (key, _) = await _server.CreateKeyAsync("rate");
        await StartAsync();

        using var health = await SendAsync("/healthz");

        Assert.Equal((HttpStatusCode.OK, "ok"), (health.StatusCode, await health.Content.ReadAsStringAsync()));
        await RefusedAsync("/nothing-here", key, HttpStatusCode.NotFound, "API_UNKNOWN");
        Assert.Empty(_upstream.Requests);
    }

    [Fact]
    public async Task Without_the_service_everything_is_refused_until_it_is_back()
    {
        await using var server = await DecisionServer.StartAsync();
        await StartAsync("--Decision:Address=" + server.Address);
        await server.KillAsync();

        using var refused = await SendAsync("/orders/1", ("X-Api-Key", "a-key"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "1", "SERVICE_UNAVAILABLE"),
            (refused.StatusCode, Header(refused, "Retry-After"), Header(refused, "X-Decision-Reason")));
        using var health = await SendAsync("/healthz");
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Empty(_upstream.Requests);

        await using var back = await DecisionServer.StartAsync(new Uri(server.Address).Authority);
        var (key, _) = await back.CreateKeyAsync("rate");
        using var passed = await SendAsync("/orders/1", ("X-Api-Key", key));
        Assert.Equal(HttpStatusCode.OK, passed.StatusCode);
    }

    [Fact]
    public async Task Without_the_service_everything_passes_by_the_open_mode_but_the_key()
    {
        await using var server = await DecisionServer.StartAsync();
        await StartAsync("--Decision:Address=" + server.Address, "--Decision:FailureMode=Open");
        await server.KillAsync();

        using var passed = await SendAsync("/orders/1", ("X-Api-Key", "a-key-of-a-client"), ("X-Decision-Key-Id", "forged"));

        Assert.Equal((HttpStatusCode.OK, "SERVICE_UNAVAILABLE"), (passed.StatusCode, Header(passed, "X-Decision-Reason")));
        string request = Assert.Single(_upstream.Requests);
        Assert.DoesNotContain("X-Decision-", request, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("a-key-of-a-client", request, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_does_not_start_with_wrong_settings_and_says_what_to_write()
    {
        var sidecar = Start("--Decision:FailureMode=ajar", "--Decision:Middleware:Scope=none");

        Assert.NotEqual(0, await sidecar.ExitAsync());
        Assert.Contains("Decision:FailureMode is 'ajar': write Closed or Open.", sidecar.Output, StringComparison.Ordinal);
        Assert.Contains("Decision:Middleware:Scope is 'none': write AllRequests or MarkedEndpoints.", sidecar.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_is_short()
    {
        string bin = Path.GetDirectoryName(ProgramProcess.PathOf("SidecarProgram"))!;

        Assert.InRange(File.ReadAllLines(Path.Combine(bin, "../../../Program.cs")).Length, 1, 59);
    }

    private async Task RefusedAsync(string path, string? key, HttpStatusCode status, string reason)
    {
        using var response = await SendAsync(path, key is null ? [] : [("X-Api-Key", key)]);

        Assert.Equal((status, reason), (response.StatusCode, Header(response, "X-Decision-Reason")));
    }

    private Task<HttpResponseMessage> SendAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return _http.SendAsync(request);
    }

    private async Task<Uri> StartAsync(params string[] arguments)
    {
        // A deadline that a busy machine does not miss.
        var sidecar = Start([.. arguments, "--Decision:Deadline=10s"]);
        _http.BaseAddress = new Uri(await sidecar.ReadyAsync());
        return _http.BaseAddress;
    }

    private ProgramProcess Start(params string[] arguments)
    {
        var sidecar = ProgramProcess.Start(
            "SidecarProgram",
            _folder.Path,
            Listening(),
            [
                "--Urls=http://127.0.0.1:0", $"--Decision:Address={_server.Address}", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
                $"--ReverseProxy:Clusters:upstream:Destinations:one:Address={_upstream.Address}", .. arguments,
            ]);
        _sidecars.Add(sidecar);
        return sidecar;
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    [GeneratedRegex("Now listening on: (http://.*)", RegexOptions.CultureInvariant)]
    private static partial Regex Listening();
}
