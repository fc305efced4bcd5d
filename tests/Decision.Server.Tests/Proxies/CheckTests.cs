using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Google.Protobuf;
using Google.Rpc;
using StatusCode = Envoy.Type.V3.StatusCode;

namespace Decision.Server.Tests.Proxies;

public class CheckTests
{
    [Fact]
    public async Task Check_allowed_tells_the_upstream_and_the_client()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies, apis: ProxySamples.Apis);
        string key = await server.CreateKeyAsync("shop");

        var answer = await CheckAsync(server, key);

        Assert.Equal((int)Code.Ok, answer.Status.Code);
        var upstream = Headers(answer.OkResponse.Headers);
        Assert.Equal(key.Substring(3, 16), upstream["x-decision-key-id"]);
        Assert.Equal("acme", upstream["x-decision-organization-id"]);
        Assert.Equal("tester", upstream["x-decision-alias"]);
        Assert.Equal("b%2Cc,gold", upstream["x-decision-tags"]);
        Assert.Equal("\"rate\";limit=5;remaining=4;reset=10, \"quota\";limit=6;remaining=5;reset=3600", upstream["x-decision-limits"]);
        var client = Headers(answer.OkResponse.ResponseHeadersToAdd);
        Assert.Equal("\"rate\";q=5;w=10, \"quota\";q=6;w=3600", client["ratelimit-policy"]);
        Assert.Equal("\"rate\";r=4;t=10, \"quota\";r=5;t=3600", client["ratelimit"]);
        Assert.Equal(("6", "5"), (client["x-ratelimit-limit"], client["x-ratelimit-remaining"]));
        Assert.Equal((server.Time.GetUtcNow().ToUnixTimeSeconds() + 3600).ToString(System.Globalization.CultureInfo.InvariantCulture), client["x-ratelimit-reset"]);
        Assert.Equal("ALLOWED", client["x-decision-reason"]);
        Assert.Equal(26, client["x-decision-id"].Length);
        Assert.Empty(answer.OkResponse.HeadersToRemove);
    }

    [Fact]
    public async Task Check_tells_the_whole_verdict_as_metadata()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");

        var allowed = (await CheckAsync(server, key)).DynamicMetadata.Fields;

        Assert.True(allowed["allowed"].BoolValue);
        Assert.Equal("ALLOWED", allowed["reason"].StringValue);
        Assert.Equal(200, allowed["http_status"].NumberValue);
        Assert.Equal("acme", allowed["organization_id"].StringValue);
        Assert.Equal("small", allowed["metadata"].StructValue.Fields["plan"].StringValue);
        Assert.Equal(["small"], allowed["tags"].ListValue.Values.Select(tag => tag.StringValue));
        Assert.Equal("small", allowed["policies"].ListValue.Values[0].StructValue.Fields["id"].StringValue);
        var rate = allowed["limits"].ListValue.Values[0].StructValue.Fields;
        Assert.Equal(("rate", 2, 1, 10), (rate["name"].StringValue, rate["limit"].NumberValue, rate["remaining"].NumberValue, rate["period"].NumberValue));

        await CheckAsync(server, key);
        server.Time.Advance(TimeSpan.FromMilliseconds(500));
        var refused = (await CheckAsync(server, key)).DynamicMetadata.Fields;

        Assert.False(refused["allowed"].BoolValue);
        Assert.Equal("RATE_LIMITED", refused["reason"].StringValue);
        Assert.Equal("small", refused["origin"].StringValue);
        Assert.Equal(9.5, refused["retry_after"].NumberValue);
    }

    [Fact]
    public async Task Check_refused_by_a_limit_is_a_429_that_says_when()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");
        await CheckAsync(server, key);
        await CheckAsync(server, key);
        server.Time.Advance(TimeSpan.FromMilliseconds(500));

        var answer = await CheckAsync(server, key);

        Assert.Equal((int)Code.ResourceExhausted, answer.Status.Code);
        Assert.Equal(StatusCode.TooManyRequests, answer.DeniedResponse.Status.Code);
        Assert.Equal("""{"error": "Rate Limit Exceeded"}""", answer.DeniedResponse.Body);
        var headers = Headers(answer.DeniedResponse.Headers);
        Assert.Equal("10", headers["retry-after"]);
        Assert.Equal("application/json", headers["content-type"]);
        Assert.Equal("\"rate\";r=0;t=10, \"quota\";r=1;t=3600", headers["ratelimit"]);

        // The one that refuses, not the quota.
        Assert.Equal(("2", "0"), (headers["x-ratelimit-limit"], headers["x-ratelimit-remaining"]));
        Assert.Equal("RATE_LIMITED", headers["x-decision-reason"]);
    }

    [Theory]
    [InlineData("", "orders", StatusCode.Unauthorized, Code.Unauthenticated, "KEY_MISSING")]
    [InlineData("nobody-has-this-key-text", "orders", StatusCode.Forbidden, Code.PermissionDenied, "KEY_UNKNOWN")]
    [InlineData("KEY", "payments", StatusCode.Forbidden, Code.PermissionDenied, "API_NOT_GRANTED")]
    [InlineData("KEY", "", StatusCode.NotFound, Code.NotFound, "API_UNKNOWN")]
    public async Task Check_refused_has_the_verdicts_status(string presented, string apiId, StatusCode status, Code code, string reason)
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");

        var answer = await CheckAsync(server, presented.Replace("KEY", key, StringComparison.Ordinal), ("api_id", apiId));

        Assert.Equal((int)code, answer.Status.Code);
        Assert.Equal(status, answer.DeniedResponse.Status.Code);
        Assert.Equal(reason, Headers(answer.DeniedResponse.Headers)["x-decision-reason"]);
        Assert.Equal(status == StatusCode.Unauthorized, Headers(answer.DeniedResponse.Headers).ContainsKey("www-authenticate"));
    }

    [Fact]
    public async Task Check_without_api_id_finds_the_api_by_host_and_path()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies, apis: ProxySamples.Apis);
        string key = await server.CreateKeyAsync("shop");

        var granted = await CheckAsync(server, Request(key, host: "shop.example.com:443", path: "/orders/open/1?x=/../"));
        var otherHost = await CheckAsync(server, Request(key, host: "other.example.com", path: "/orders/open"));
        var otherMethod = await CheckAsync(server, Request(key, host: "shop.example.com", path: "/orders/closed", method: "DELETE"));
        var twoReadings = await CheckAsync(server, Request(key, host: "shop.example.com", path: "/orders/open/..%2f..%2fadmin"));

        Assert.Equal((int)Code.Ok, granted.Status.Code);
        Assert.Equal("API_UNKNOWN", ReasonOf(otherHost));
        Assert.Equal("PATH_NOT_GRANTED", ReasonOf(otherMethod));
        Assert.Equal("PATH_INVALID", ReasonOf(twoReadings));
    }

    [Fact]
    public async Task Check_a_browsers_preflight_and_a_public_path_need_no_key()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies, apis: ProxySamples.Apis);

        var preflight = await CheckAsync(server, Request("", host: "shop.example.com", path: "/orders/1", method: "OPTIONS"));
        var open = await CheckAsync(server, Request("", host: "shop.example.com", path: "/orders/status"));
        var closed = await CheckAsync(server, Request("", host: "shop.example.com", path: "/orders/1"));

        Assert.Equal((int)Code.Ok, preflight.Status.Code);
        Assert.Equal((int)Code.Ok, open.Status.Code);
        Assert.Equal("", Headers(open.OkResponse.Headers)["x-decision-key-id"]);
        Assert.Equal("KEY_MISSING", ReasonOf(closed));
    }

    [Fact]
    public async Task Check_spends_the_cost_of_the_route()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");

        var two = await CheckAsync(server, key, ("cost", "2"));
        var one = await CheckAsync(server, key);

        Assert.Equal(0, Limit(two, 0).Fields["remaining"].NumberValue);
        Assert.Equal("RATE_LIMITED", ReasonOf(one));
    }

    [Fact]
    public async Task Check_without_charge_looks_at_the_rights_alone()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");
        await CheckAsync(server, key);
        await CheckAsync(server, key);

        // The rate is used up: another service spends it for this route.
        var answer = await CheckAsync(server, key, ("charge", "none"));
        var refused = await CheckAsync(server, key, ("charge", "none"), ("api_id", "payments"));

        Assert.Equal((int)Code.Ok, answer.Status.Code);
        Assert.False(answer.DynamicMetadata.Fields.ContainsKey("limits"));
        Assert.Equal("API_NOT_GRANTED", ReasonOf(refused));
    }

    [Fact]
    public async Task Check_removes_the_credential_where_the_route_asks_for_it()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies, apis: ProxySamples.Apis);
        string key = await server.CreateKeyAsync("shop");
        (string, string)[] route = [("api_id", "billing"), ("remove_credential", "true")];

        var header = await CheckAsync(server, Request("", headers: [("x-billing-key", key)], extensions: route));
        var query = await CheckAsync(server, Request("", path: $"/billing/1?a=1&key={key}", extensions: route));
        var cookie = await CheckAsync(server, Request("", headers: [("cookie", $"a=1; billing_key={key}; b=2")], extensions: route));
        var onlyCookie = await CheckAsync(server, Request("", headers: [("cookie", $"billing_key={key}")], extensions: route));
        var kept = await CheckAsync(server, Request("", headers: [("x-billing-key", key)], extensions: [("api_id", "billing")]));

        Assert.Equal(["x-billing-key"], header.OkResponse.HeadersToRemove);
        Assert.Equal(["key"], query.OkResponse.QueryParametersToRemove);
        Assert.Equal("a=1; b=2", Headers(cookie.OkResponse.Headers)["cookie"]);
        Assert.Equal(["cookie"], onlyCookie.OkResponse.HeadersToRemove);
        Assert.Empty(kept.OkResponse.HeadersToRemove);
    }

    [Fact]
    public async Task Check_a_client_that_speaks_in_our_name_is_not_passed_on()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");

        var answer = await CheckAsync(server, Request(
            key, headers: [("x-decision-key-id", "root"), ("x-decision-role", "admin")], extensions: [("api_id", "orders")]));

        // The one is overwritten, the other removed.
        Assert.Equal(key.Substring(3, 16), Headers(answer.OkResponse.Headers)["x-decision-key-id"]);
        Assert.Equal(
            HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
            answer.OkResponse.Headers.Single(header => header.Header.Key == "x-decision-key-id").AppendAction);
        Assert.Equal(["x-decision-role"], answer.OkResponse.HeadersToRemove);
    }

    [Fact]
    public async Task Check_raw_headers_are_read_one_by_one()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");
        var once = Request("", extensions: [("api_id", "orders")]);
        once.Attributes.Request.Http.HeaderMap = new HeaderMap { Headers = { Raw("Authorization", "Bearer " + key) } };
        var twice = Request("", extensions: [("api_id", "orders")]);
        twice.Attributes.Request.Http.HeaderMap = new HeaderMap { Headers = { Raw("authorization", "Bearer " + key), Raw("authorization", "Bearer other") } };

        var allowed = await CheckAsync(server, once);
        var refused = await CheckAsync(server, twice);

        Assert.Equal((int)Code.Ok, allowed.Status.Code);
        Assert.Equal(StatusCode.BadRequest, refused.DeniedResponse.Status.Code);
        Assert.Equal("""{"error": "authorization was sent 2 times: send the key once."}""", refused.DeniedResponse.Body);
    }

    [Fact]
    public async Task Check_a_key_joined_with_another_is_no_key()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");

        var answer = await CheckAsync(server, $"Bearer {key},Bearer {key}", ("api_id", "orders"));

        Assert.Equal("KEY_UNKNOWN", ReasonOf(answer));
    }

    [Theory]
    [InlineData("cost", "-1", "context_extensions.cost is '-1': write a whole number from 0 (which counts 1).")]
    [InlineData("cost", "much", "context_extensions.cost is 'much': write a whole number from 0 (which counts 1).")]
    [InlineData("charge", "some", "context_extensions.charge is 'some': write all (default), or none to look at the key and its rights alone.")]
    [InlineData("remove_credential", "yes", "context_extensions.remove_credential is 'yes': write true or false.")]
    [InlineData("api_id", "a/b", "api_id: is 'a/b': an id is 1 to 128 characters of A-Z a-z 0-9 . _ ~ -.")]
    public async Task Check_a_route_that_is_set_up_wrongly_lets_nobody_in(string name, string value, string message)
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");

        var answer = await CheckAsync(server, key, (name, value));

        Assert.Equal((int)Code.InvalidArgument, answer.Status.Code);
        Assert.Equal(message, answer.Status.Message);
        Assert.Equal("INVALID_ARGUMENT", ReasonOf(answer));
    }

    [Fact]
    public async Task Check_that_cannot_be_read_is_refused_and_not_failed()
    {
        await using var server = await RunningServer.StartAsync(policies: ProxySamples.Policies);
        string key = await server.CreateKeyAsync("small");
        var noMethod = Request(key, method: "", extensions: [("api_id", "orders")]);
        var noPath = Request(key, path: "", extensions: [("api_id", "orders")]);

        var empty = await new Authorization.AuthorizationClient(server.Channel).CheckAsync(new CheckRequest());
        var method = await CheckAsync(server, noMethod);
        var path = await CheckAsync(server, noPath);

        Assert.All([empty, method, path], answer => Assert.Equal(StatusCode.BadRequest, answer.DeniedResponse.Status.Code));
    }

    [Fact]
    public async Task Check_the_clients_address_is_the_connections_or_the_named_headers_last()
    {
        const string Inside = """{"org_id":"acme","rate":-1,"per":1,"access_rights":{"orders":{"api_id":"orders","versions":[]}},"allowed_ips":["10.0.0.0/8"]}""";
        await using var server = await RunningServer.StartAsync(policies: new Dictionary<string, string> { ["inside"] = Inside });
        string key = await server.CreateKeyAsync("inside");
        var direct = Request(key, extensions: [("api_id", "orders")]);
        direct.Attributes.Source = new AttributeContext.Types.Peer { Address = new Address { SocketAddress = new SocketAddress { Address = "10.1.2.3", PortValue = 4711 } } };
        (string, string)[] route = [("api_id", "orders"), ("client_ip_header", "x-forwarded-for")];

        var byConnection = await CheckAsync(server, direct);
        var byHeader = await CheckAsync(server, Request(key, headers: [("x-forwarded-for", "192.0.2.1, 10.9.9.9")], extensions: route));
        var forged = await CheckAsync(server, Request(key, headers: [("x-forwarded-for", "10.9.9.9, 192.0.2.1")], extensions: route));
        var unknown = await CheckAsync(server, Request(key, extensions: route));

        Assert.Equal((int)Code.Ok, byConnection.Status.Code);
        Assert.Equal((int)Code.Ok, byHeader.Status.Code);
        Assert.Equal("IP_NOT_GRANTED", ReasonOf(forged));
        Assert.Equal("IP_NOT_GRANTED", ReasonOf(unknown));
    }

    private static HeaderValue Raw(string name, string value) => new() { Key = name, RawValue = ByteString.CopyFromUtf8(value) };

    private static Google.Protobuf.WellKnownTypes.Struct Limit(CheckResponse answer, int index) =>
        answer.DynamicMetadata.Fields["limits"].ListValue.Values[index].StructValue;

    private static string ReasonOf(CheckResponse answer) => Headers(answer.DeniedResponse.Headers)["x-decision-reason"];

    private static Dictionary<string, string> Headers(IEnumerable<HeaderValueOption> headers) =>
        headers.ToDictionary(header => header.Header.Key, header => header.Header.Value);

    private static Task<CheckResponse> CheckAsync(RunningServer server, string key, params (string, string)[] extensions) =>
        CheckAsync(server, Request(key, extensions: extensions.Any(pair => pair.Item1 == "api_id") ? extensions : [.. extensions, ("api_id", "orders")]));

    private static async Task<CheckResponse> CheckAsync(RunningServer server, CheckRequest request) =>
        await new Authorization.AuthorizationClient(server.Channel).CheckAsync(request);

    private static CheckRequest Request(
        string key, string method = "GET", string path = "/orders/1", string host = "api.example.com", (string Name, string Value)[]? headers = null, (string Name, string Value)[]? extensions = null)
    {
        var http = new AttributeContext.Types.HttpRequest { Method = method, Path = path, Host = host, Scheme = "https", Id = "r-1" };
        if (key.Length > 0)
        {
            http.Headers["authorization"] = key;
        }

        foreach (var (name, value) in headers ?? [])
        {
            http.Headers[name] = value;
        }

        var attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } };
        foreach (var (name, value) in extensions ?? [])
        {
            attributes.ContextExtensions[name] = value;
        }

        return new CheckRequest { Attributes = attributes };
    }
}
