using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Decision.Server.Tests.Proxies;

/// <summary>The real nginx, Caddy and HAProxy, in front of a real application, by the files of docs/proxies/.</summary>
public class RealProxyTests
{
    public static TheoryData<string> Proxies => RealProxy.All;

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Allowed_the_application_hears_of_the_key_and_never_the_key_itself(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");

        using var answer = await house.AskAsync("/orders/open/1?a=b%20c", key, HttpMethod.Post, body: "the order");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("from the application", await answer.Content.ReadAsStringAsync());
        var received = Assert.Single(house.Application.Received);
        Assert.Equal(("POST", "/orders/open/1?a=b%20c", "the order"), (received.Method, received.Target, received.Body));
        Assert.Equal(key.Substring(3, 16), received.Header("X-Decision-Key-Id"));
        Assert.Equal("acme", received.Header("X-Decision-Organization-Id"));
        Assert.Equal("tester", received.Header("X-Decision-Alias"));
        Assert.Equal("b%2Cc,gold", received.Header("X-Decision-Tags"));
        Assert.Equal("\"rate\";limit=5;remaining=4;reset=10, \"quota\";limit=6;remaining=5;reset=3600", received.Header("X-Decision-Limits"));
        Assert.DoesNotContain(received.Headers, header => header.Value.Contains(key, StringComparison.Ordinal));

        // The client hears of its limits.
        Assert.Equal("\"rate\";r=4;t=10, \"quota\";r=5;t=3600", Header(answer, "RateLimit"));
        Assert.Equal("5", Header(answer, "X-RateLimit-Remaining"));
        Assert.Equal(26, Header(answer, "X-Decision-Id").Length);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task The_key_in_the_other_header_does_not_reach_the_application_either(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");

        using var answer = await house.AskAsync("/orders/open", "", headers: [("X-Api-Key", key)]);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(house.Application.Last.Headers, header => header.Value.Contains(key, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Refused_for_the_key_or_its_rights_the_client_hears_why(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");

        using var missing = await house.AskAsync("/orders/open", "");
        using var unknown = await house.AskAsync("/orders/open", "nobody-has-this-key-text");
        using var path = await house.AskAsync("/orders/closed", key, HttpMethod.Delete);
        using var noApi = await house.AskAsync("/nowhere", key);

        await AssertRefusedAsync(missing, HttpStatusCode.Unauthorized, "Authorization field missing", "KEY_MISSING");
        Assert.Equal("Bearer", Assert.Single(missing.Headers.WwwAuthenticate).Scheme);
        await AssertRefusedAsync(unknown, HttpStatusCode.Forbidden, "Access to this API has been disallowed", "KEY_UNKNOWN");
        await AssertRefusedAsync(path, HttpStatusCode.Forbidden, "Access to this resource has been disallowed", "PATH_NOT_GRANTED");
        await AssertRefusedAsync(noApi, HttpStatusCode.NotFound, "No API answers this host and path", "API_UNKNOWN");
        Assert.Empty(house.Application.Received);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Refused_by_rate_and_quota_the_client_gets_a_true_429_that_says_when(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");
        for (int sent = 0; sent < 5; sent++)
        {
            using var allowed = await house.AskAsync("/orders/open", key);
            Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        }

        using var rate = await house.AskAsync("/orders/open", key);
        house.Decision.Time.Advance(TimeSpan.FromSeconds(10));
        using var again = await house.AskAsync("/orders/open", key);
        using var quota = await house.AskAsync("/orders/open", key);

        await AssertRefusedAsync(rate, HttpStatusCode.TooManyRequests, "Rate Limit Exceeded", "RATE_LIMITED");
        Assert.Equal(TimeSpan.FromSeconds(10), rate.Headers.RetryAfter!.Delta);
        Assert.Equal("\"rate\";r=0;t=10, \"quota\";r=1;t=3600", Header(rate, "RateLimit"));
        Assert.Equal("0", Header(rate, "X-RateLimit-Remaining"));
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        await AssertRefusedAsync(quota, HttpStatusCode.TooManyRequests, "Quota exceeded", "QUOTA_EXCEEDED");
        Assert.Equal(TimeSpan.FromSeconds(3590), quota.Headers.RetryAfter!.Delta);
        Assert.Equal(6, house.Application.Received.Count);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task A_client_that_speaks_for_the_proxy_or_for_the_service_changes_nothing(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");
        (string, string)[] forged =
        [
            ("X-Forwarded-Uri", "/orders/status"), ("X-Forwarded-Method", "GET"), ("X-Forwarded-Host", "shop.example.com"),
            ("X-Original-URI", "/orders/status"), ("X-Original-Method", "GET"), ("X-Original-Host", "shop.example.com"),
            ("X-Decision-Key-Id", "root"), ("X-Decision-Tags", "admin"), ("X-Decision-Alias", "root"),
            ("X-Decision-Organization-Id", "other"), ("X-Decision-Limits", "none"),
        ];

        // Public by the forged headers, not by the request.
        using var asked = await house.AskAsync("/orders/closed", "", HttpMethod.Delete, headers: forged);
        using var allowed = await house.AskAsync("/orders/open", key, headers: forged);
        using var keyless = await house.AskAsync("/orders/status", "", headers: forged);

        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, keyless.StatusCode);
        Assert.Equal(key.Substring(3, 16), house.Application.Received.First().Header("X-Decision-Key-Id"));
        foreach (string told in (string[])["Key-Id", "Tags", "Alias", "Organization-Id", "Limits"])
        {
            Assert.Equal("", house.Application.Last.Header("X-Decision-" + told));
        }
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task A_browsers_preflight_passes_without_a_key(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);

        using var preflight = await house.AskAsync(
            "/orders/1", "", HttpMethod.Options, headers: [("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "GET")]);

        Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
        Assert.Equal("OPTIONS", house.Application.Last.Method);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task What_the_application_refuses_itself_stays_its_own_answer(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");

        using var answer = await house.AskAsync("/orders/open", key, headers: [("X-Want-Status", "403")]);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal("from the application", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task A_service_that_is_down_lets_nobody_in_and_is_back_at_once(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");
        int port = house.Decision.Listeners.Http!.Port;
        await house.Decision.StopAsync();

        using var down = await house.AskAsync("/orders/open", key);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, down.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), down.Headers.RetryAfter!.Delta);
        Assert.Equal("""{"error": "The request could not be decided"}""", await down.Content.ReadAsStringAsync());
        Assert.Empty(house.Application.Received);

        await using var next = await RunningServer.StartAsync([$"Server:Http=127.0.0.1:{port}"], ProxySamples.Policies, ProxySamples.Apis);
        string nextKey = await next.CreateKeyAsync("shop");
        using var back = await house.AskAsync("/orders/open", nextKey);
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_path_with_two_readings_never_reaches_the_application(string name, string path)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");

        string answer = await RawHttp.SendAsync(
            house.Proxy.Address, $"DELETE {path} HTTP/1.1\nHost: shop.example.com\nAuthorization: {key}\nConnection: close\n\n");

        // 400 by Decision or by the proxy itself, 403 where the proxy resolved it first, 404 where nothing answers it; never let through.
        Assert.Contains(RawHttp.StatusOf(answer), (int[])[400, 403, 404, 308]);
        Assert.Empty(house.Application.Received);
    }

    public static MatrixTheoryData<string, string> Paths => new(
        ["nginx", "caddy", "haproxy"],
        [
            "/orders/open/../closed", "/orders/open/%2e%2e/closed", "/orders/open/%2E./closed", "/orders/open%2fx", "/orders//open", "/orders/open;x=1",
            "/orders/open/..;/closed", "/orders/open%5c..%5cclosed", "/orders/open/%252e%252e/closed", "/orders/open/\u00ff", "/orders/open/%ff", "/orders/open/%c0%af",
            "/orders/open/%zz", "/orders/open\\closed", "//orders/open", "/orders/./open",
        ]);

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task Http_1_0_and_duplicate_keys_are_answered(string name)
    {
        await using var house = await ProxyHouse.StartAsync(name);
        string key = await house.Decision.CreateKeyAsync("shop");

        string old = await RawHttp.SendAsync(house.Proxy.Address, $"GET /orders/open HTTP/1.0\nHost: shop.example.com\nAuthorization: {key}\n\n");
        string twice = await RawHttp.SendAsync(
            house.Proxy.Address,
            $"GET /orders/open HTTP/1.1\nHost: shop.example.com\nX-Api-Key: {key}\nX-Api-Key: {key}x\nConnection: close\n\n");

        Assert.Equal(200, RawHttp.StatusOf(old));
        Assert.Contains(RawHttp.StatusOf(twice), (int[])[400, 403]);
        Assert.Single(house.Application.Received);
    }

    [Theory]
    [MemberData(nameof(Proxies))]
    public async Task A_proxy_that_is_a_caller_shows_its_token_and_no_client_can(string name)
    {
        using var folder = new TemporaryFolder();
        string file = Path.Combine(folder.Path, "callers.json");
        string hash = Convert.ToHexStringLower(SHA256.HashData("the-token-of-the-proxy"u8));
        await File.WriteAllTextAsync(file, $$"""{ "edge": { "token_sha256": "{{hash}}" } }""");
        string[] settings = ["Callers:File=" + file];
        await using var house = await ProxyHouse.StartAsync(name, settings, "the-token-of-the-proxy");
        await using var stranger = await ProxyHouse.StartAsync(name, settings, "another-token");
        string key = await house.Decision.CreateKeyAsync("shop");

        using var known = await house.AskAsync("/orders/open", key, headers: [("X-Decision-Token", "a-client-s-own")]);
        using var unknown = await stranger.AskAsync("/orders/open", key, headers: [("X-Decision-Token", "a-client-s-own")]);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (known.StatusCode, unknown.StatusCode));
        Assert.Empty(stranger.Application.Received);
        Assert.DoesNotContain(house.Application.Last.Headers, header => header.Value.Contains("the-token-of-the-proxy", StringComparison.Ordinal));
    }

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, HttpStatusCode status, string message, string reason)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(message, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString());
        Assert.Equal(reason, Header(answer, "X-Decision-Reason"));
    }

    private static string Header(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : "(not there)";

    /// <summary>A proxy, Decision and an application.</summary>
    private sealed class ProxyHouse : IAsyncDisposable
    {
        public required RunningServer Decision { get; init; }

        public required Application Application { get; init; }

        public required RealProxy Proxy { get; init; }

        public static async Task<ProxyHouse> StartAsync(string name, string[]? settings = null, string? token = null)
        {
            var decision = await RunningServer.StartAsync(settings, policies: ProxySamples.Policies, apis: ProxySamples.Apis);
            var application = await Application.StartAsync();
            return new ProxyHouse
            {
                Decision = decision,
                Application = application,
                Proxy = await RealProxy.StartAsync(name, decision.Listeners.Http!, application.Address, token),
            };
        }

        public async Task<HttpResponseMessage> AskAsync(
            string path, string key, HttpMethod? method = null, string? body = null, (string Name, string Value)[]? headers = null)
        {
            using var request = new HttpRequestMessage(method ?? HttpMethod.Get, path);
            request.Headers.Host = "shop.example.com";
            if (key.Length > 0)
            {
                request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
            }

            foreach (var (headerName, value) in headers ?? [])
            {
                request.Headers.TryAddWithoutValidation(headerName, value);
            }

            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8, "text/plain");
            }

            return await Proxy.Http.SendAsync(request);
        }

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await Application.DisposeAsync();
            await Decision.DisposeAsync();
        }
    }
}
