using System.Net;

namespace Decision.Server.Tests.Proxies;

public class ForwardAuthTests
{
    [Fact]
    public async Task Forward_auth_allowed_tells_the_upstream_and_the_client()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("shop");

        using var answer = await AskAsync(server, "/forward-auth/orders", key);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("", await answer.Content.ReadAsStringAsync());
        Assert.Equal(key.Substring(3, 16), Header(answer, "X-Decision-Key-Id"));
        Assert.Equal("acme", Header(answer, "X-Decision-Organization-Id"));
        Assert.Equal("tester", Header(answer, "X-Decision-Alias"));
        Assert.Equal("b%2Cc,gold", Header(answer, "X-Decision-Tags"));
        Assert.Equal("\"rate\";q=5;w=10, \"quota\";q=6;w=3600", Header(answer, "RateLimit-Policy"));
        Assert.Equal("\"rate\";r=4;t=10, \"quota\";r=5;t=3600", Header(answer, "RateLimit"));
        Assert.Equal("5", Header(answer, "X-RateLimit-Remaining"));
        Assert.Equal("ALLOWED", Header(answer, "X-Decision-Reason"));
        Assert.Equal(26, Header(answer, "X-Decision-Id").Length);
    }

    [Fact]
    public async Task Forward_auth_refused_by_a_limit_says_when()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");
        await AskAsync(server, "/forward-auth/orders", key);
        await AskAsync(server, "/forward-auth/orders", key);

        using var answer = await AskAsync(server, "/forward-auth/orders", key);

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("""{"error": "Rate Limit Exceeded"}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Equal(TimeSpan.FromSeconds(10), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("RATE_LIMITED", Header(answer, "X-Decision-Reason"));
        Assert.Equal("429", Header(answer, "X-Decision-Status"));
        Assert.Equal("Rate Limit Exceeded", Header(answer, "X-Decision-Message"));
    }

    [Theory]
    [InlineData("/forward-auth/orders", "", HttpStatusCode.Unauthorized, "KEY_MISSING")]
    [InlineData("/forward-auth/orders", "nobody-has-this-key-text", HttpStatusCode.Forbidden, "KEY_UNKNOWN")]
    [InlineData("/forward-auth/payments", "KEY", HttpStatusCode.Forbidden, "API_NOT_GRANTED")]
    [InlineData("/forward-auth", "KEY", HttpStatusCode.NotFound, "API_UNKNOWN")]
    public async Task Forward_auth_refused_has_the_verdicts_status(string address, string presented, HttpStatusCode status, string reason)
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");
        presented = presented.Replace("KEY", key, StringComparison.Ordinal);

        using var answer = await AskAsync(server, address, presented);
        using var mapped = await AskAsync(server, address + "?deny_status=403", presented);

        Assert.Equal(status, answer.StatusCode);
        Assert.Equal(reason, Header(answer, "X-Decision-Reason"));
        Assert.Equal(status == HttpStatusCode.Unauthorized, answer.Headers.WwwAuthenticate.Count == 1);

        // nginx turns every other status of a subrequest into 500.
        Assert.Equal(HttpStatusCode.Forbidden, mapped.StatusCode);
        Assert.Equal(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture), Header(mapped, "X-Decision-Status"));
        Assert.Equal(reason, Header(mapped, "X-Decision-Reason"));
    }

    [Fact]
    public async Task Forward_auth_without_api_finds_it_by_host_and_path()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies, apis: ProxySamples.Apis);
        string key = await server.CreateKeyAsync("shop");

        using var forwarded = await AskAsync(server, "/forward-auth", key, host: "shop.example.com");
        using var original = await AskAsync(
            server, "/forward-auth", key, family: "Original", host: "shop.example.com");
        using var otherHost = await AskAsync(server, "/forward-auth", key, host: "other.example.com");
        using var preflight = await AskAsync(server, "/forward-auth", "", method: "OPTIONS", host: "shop.example.com");

        Assert.Equal(HttpStatusCode.OK, forwarded.StatusCode);
        Assert.Equal(HttpStatusCode.OK, original.StatusCode);
        Assert.Equal("API_UNKNOWN", Header(otherHost, "X-Decision-Reason"));
        Assert.Equal(HttpStatusCode.OK, preflight.StatusCode);
        Assert.Equal("", Header(preflight, "X-Decision-Key-Id"));
    }

    [Fact]
    public async Task Forward_auth_takes_the_key_from_where_the_api_says()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies, apis: ProxySamples.Apis);
        string key = await server.CreateKeyAsync("shop");

        using var header = await AskAsync(server, "/forward-auth/billing", "", headers: [("X-Billing-Key", key)]);
        using var query = await AskAsync(server, "/forward-auth/billing", "", uri: "/billing/?x=1&key=" + key);
        using var cookie = await AskAsync(server, "/forward-auth/billing", "", headers: [("Cookie", $"a=1; billing_key={key}")]);
        using var elsewhere = await AskAsync(server, "/forward-auth/billing", key);
        using var usual = await AskAsync(server, "/forward-auth/orders", "", headers: [("X-Api-Key", key)]);
        using var twice = await AskAsync(server, "/forward-auth/billing", "", uri: $"/billing/?key={key}&key=other");

        Assert.All([header, query, cookie, usual], answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        Assert.Equal("KEY_MISSING", Header(elsewhere, "X-Decision-Reason"));
        Assert.Equal(HttpStatusCode.BadRequest, twice.StatusCode);
        Assert.Equal("""{"error": "The query parameter key was sent 2 times: send the key once."}""", await twice.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Forward_auth_spends_the_cost_of_the_address()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("shop");

        using var three = await AskAsync(server, "/forward-auth/orders?cost=3", key);
        using var tooMuch = await AskAsync(server, "/forward-auth/orders?cost=3", key);

        Assert.Equal("\"rate\";r=2;t=10, \"quota\";r=3;t=3600", Header(three, "RateLimit"));
        Assert.Equal(HttpStatusCode.TooManyRequests, tooMuch.StatusCode);
    }

    [Theory]
    [InlineData("cost=-1", "cost is '-1': write a whole number from 0 (which counts 1).")]
    [InlineData("deny_status=200", "deny_status is '200': write an HTTP status from 400 to 599; nginx takes 401 and 403.")]
    [InlineData("charge=none", "The query parameter charge is not known: there are deny_status and cost. If it is the client's, the proxy hands the client's query on: give the address a query of its own, or end it with '?' (Caddy).")]
    [InlineData("cost=1&cost=2", "The query parameter cost is there 2 times: write it once.")]
    public async Task Forward_auth_an_address_that_is_written_wrongly_lets_nobody_in(string query, string message)
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("shop");

        using var answer = await AskAsync(server, "/forward-auth/orders?" + query, key);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(message, System.Text.Json.JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetString());
        Assert.Equal("INVALID_ARGUMENT", Header(answer, "X-Decision-Reason"));
    }

    [Theory]
    [InlineData("auto", "X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/1", 200)]
    [InlineData("auto", "X-Original-Method: GET|X-Original-URI: /orders/1", 200)]
    [InlineData("auto", "X-Original-Method: GET|X-Original-URI: /orders/1|X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/1", 200)]
    [InlineData("auto", "X-Original-Method: GET|X-Original-URI: /orders/1|X-Forwarded-Host: any", 200)]
    [InlineData("auto", "X-Original-Method: GET|X-Original-URI: /orders/1|X-Forwarded-Method: GET|X-Forwarded-Uri: /open", 400)]
    [InlineData("auto", "X-Original-Method: GET|X-Original-URI: /orders/1|X-Forwarded-Method: POST|X-Forwarded-Uri: /orders/1", 400)]
    [InlineData("auto", "X-Original-Method: GET|X-Original-URI: /orders/1|X-Original-Host: a|X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/1|X-Forwarded-Host: b", 400)]
    [InlineData("auto", "X-Original-Method: GET|X-Original-URI: /orders/1|X-Forwarded-Uri: /orders/1", 400)]
    [InlineData("auto", "X-Forwarded-Uri: /orders/1", 400)]
    [InlineData("auto", "X-Forwarded-Method: GET", 400)]
    [InlineData("auto", "X-Forwarded-Host: any", 400)]
    [InlineData("auto", "X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/1|X-Forwarded-Uri: /open", 400)]
    [InlineData("auto", "X-Forwarded-Method: GET|X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/1", 400)]
    [InlineData("auto", "X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/1|X-Forwarded-Host: a, b", 400)]
    [InlineData("auto", "X-Forwarded-Method: GET|X-Forwarded-Uri: http://other/orders/1", 400)]
    [InlineData("auto", "X-Forwarded-Method: GET|X-Forwarded-Uri: ", 400)]
    [InlineData("auto", "X-Forwarded-Method: G E T|X-Forwarded-Uri: /orders/1", 400)]
    [InlineData("auto", "X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/\u00ff", 400)]
    [InlineData("auto", "X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/\u00c3\u00a9", 200)]
    [InlineData("original", "X-Original-Method: GET|X-Original-URI: /orders/1|X-Forwarded-Method: POST|X-Forwarded-Uri: /open", 200)]
    [InlineData("original", "X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/1", 400)]
    [InlineData("forwarded", "X-Forwarded-Method: GET|X-Forwarded-Uri: /orders/1|X-Original-Method: POST|X-Original-URI: /open", 200)]
    [InlineData("forwarded", "X-Original-Method: GET|X-Original-URI: /orders/1", 400)]
    public async Task Forward_auth_what_can_be_read_in_two_ways_is_refused(string headers, string lines, int status)
    {
        await using var server = await RunningServer.StartAsync(["ForwardAuth:Headers=" + headers], ProxySamples.Policies);
        string key = await server.CreateKeyAsync("unlimited");

        string answer = await RawHttp.SendAsync(
            server.Listeners.Http!,
            $"GET /forward-auth/orders HTTP/1.1\nHost: d\nConnection: close\nAuthorization: {key}\n{lines.Replace('|', '\n')}\n\n");

        Assert.Equal(status, RawHttp.StatusOf(answer));
        Assert.Equal(status == 400, answer.Contains("x-decision-reason: INVALID_ARGUMENT", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Forward_auth_a_key_that_was_sent_twice_is_refused()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("unlimited");

        string answer = await RawHttp.SendAsync(
            server.Listeners.Http!,
            $"GET /forward-auth/orders HTTP/1.1\nHost: d\nConnection: close\nAuthorization: {key}\nAuthorization: other\n"
                + "X-Forwarded-Method: GET\nX-Forwarded-Uri: /orders/1\n\n");

        Assert.Equal(400, RawHttp.StatusOf(answer));
        Assert.Contains("authorization was sent 2 times: send the key once.", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Forward_auth_over_http_1_0_and_without_reading_a_body()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("unlimited");

        // The body that is promised never comes.
        string answer = await RawHttp.SendAsync(
            server.Listeners.Http!,
            $"POST /forward-auth/orders HTTP/1.0\nAuthorization: {key}\nContent-Length: 1\nX-Forwarded-Method: POST\nX-Forwarded-Uri: /orders/1\n\nx");

        Assert.Equal(200, RawHttp.StatusOf(answer));
    }

    [Fact]
    public async Task Forward_auth_headers_that_are_too_large_are_refused()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("unlimited");

        using var long16 = await AskAsync(server, "/forward-auth/orders", new string('k', 16_000));
        string tooLarge = await RawHttp.SendAsync(
            server.Listeners.Http!,
            $"GET /forward-auth/orders HTTP/1.1\nHost: d\nConnection: close\nAuthorization: {key}\nX-Forwarded-Method: GET\nX-Forwarded-Uri: /{new string('a', 40_000)}\n\n");

        Assert.Equal("KEY_UNKNOWN", Header(long16, "X-Decision-Reason"));
        Assert.Equal(431, RawHttp.StatusOf(tooLarge));
    }

    [Theory]
    [InlineData("192.0.2.0/24", HttpStatusCode.Forbidden)]
    [InlineData("192.0.2.0/24, 127.0.0.1", HttpStatusCode.OK)]
    public async Task Forward_auth_is_for_the_trusted_networks_alone(string networks, HttpStatusCode status)
    {
        await using var server = await RunningServer.StartAsync(["ForwardAuth:TrustedNetworks=" + networks], ProxySamples.Policies);
        string key = await server.CreateKeyAsync("shop");

        using var answer = await AskAsync(server, "/forward-auth/orders", key);

        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task Forward_auth_the_clients_address_is_the_one_that_the_proxy_saw()
    {
        const string Inside = """{"org_id":"acme","rate":-1,"per":1,"access_rights":{"orders":{"api_id":"orders","versions":[]}},"allowed_ips":["10.0.0.0/8"]}""";
        await using var server = await RunningServer.StartAsync(policies: new Dictionary<string, string> { ["inside"] = Inside });
        string key = await server.CreateKeyAsync("inside");

        using var inside = await AskAsync(server, "/forward-auth/orders", key, headers: [("X-Forwarded-For", "192.0.2.1, 10.1.1.1")]);
        using var forged = await AskAsync(server, "/forward-auth/orders", key, headers: [("X-Forwarded-For", "10.1.1.1, 192.0.2.1")]);
        using var unknown = await AskAsync(server, "/forward-auth/orders", key);

        Assert.Equal(HttpStatusCode.OK, inside.StatusCode);
        Assert.Equal("IP_NOT_GRANTED", Header(forged, "X-Decision-Reason"));
        Assert.Equal("IP_NOT_GRANTED", Header(unknown, "X-Decision-Reason"));
    }

    [Fact]
    public async Task Forward_auth_an_alias_cannot_end_a_header()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync(new Engine.Keys.Key
        {
            OrganizationId = "acme", Alias = "Jörg\r\nX-Role: admin 100%", Tags = ["a b"], ApplyPolicies = ["unlimited"],
        });

        using var answer = await AskAsync(server, "/forward-auth/orders", key);

        Assert.Equal("J%C3%B6rg%0D%0AX-Role: admin 100%25", Header(answer, "X-Decision-Alias"));
        Assert.Equal("a%20b", Header(answer, "X-Decision-Tags"));
        Assert.False(answer.Headers.Contains("X-Role"));
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join('|', answer.Headers.GetValues(name));

    private static async Task<HttpResponseMessage> AskAsync(
        RunningServer server,
        string address,
        string key,
        string method = "GET",
        string uri = "/orders/1",
        string host = "api.example.com",
        string family = "Forwarded",
        (string Name, string Value)[]? headers = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation($"X-{family}-Method", method);
        request.Headers.TryAddWithoutValidation($"X-{family}-Uri", uri);
        request.Headers.TryAddWithoutValidation($"X-{family}-Host", host);
        if (key.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", key);
        }

        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await server.Http.SendAsync(request);
    }
}
