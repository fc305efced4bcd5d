using System.Globalization;
using System.Text.Json;
using Decision.Contracts.V1;
using Envoy.Extensions.Common.RateLimit.V3;
using Envoy.Service.Auth.V3;
using Envoy.Service.RateLimit.V3;
using Grpc.Core;

namespace Decision.Server.Tests.Proxies;

/// <summary>One request has one answer and one counter, whichever way it comes in.</summary>
public class OneAnswerTests
{
    private const string Policy = """
        {"org_id":"acme","rate":7,"per":60,"quota_max":100,"quota_renewal_rate":3600,
         "access_rights":{"orders":{"api_id":"orders","versions":[],"allowed_urls":[{"url":"/orders/open","methods":["GET"]}]}}}
        """;

    private static readonly Way[] Ways =
    [
        new("native", AuthorizeAsync), new("batch", BatchAsync), new("stream", StreamAsync), new("ext_authz", CheckAsync),
        new("forward auth", ForwardAsync), new("rate limit service", ShouldRateLimitAsync),
    ];

    [Theory]
    [InlineData("KEY", "orders", "GET", "/orders/open/1", "ALLOWED", 200)]
    [InlineData("Bearer KEY", "orders", "get", "/orders/open", "ALLOWED", 200)]
    [InlineData("", "orders", "GET", "/orders/open", "KEY_MISSING", 401)]
    [InlineData("nobody-has-this-key-text", "orders", "GET", "/orders/open", "KEY_UNKNOWN", 403)]
    [InlineData("KEY", "payments", "GET", "/", "API_NOT_GRANTED", 403)]
    [InlineData("KEY", "orders", "POST", "/orders/open", "PATH_NOT_GRANTED", 403)]
    [InlineData("KEY", "orders", "GET", "/orders/closed", "PATH_NOT_GRANTED", 403)]
    [InlineData("KEY", "orders", "GET", "/orders/open/../closed", "PATH_INVALID", 400)]
    [InlineData("KEY", "", "GET", "/orders/open", "API_UNKNOWN", 404)]
    public async Task Every_way_gives_the_same_verdict(string presented, string apiId, string method, string path, string reason, int status)
    {
        await using var server = await RunningServer.StartAsync(policies: new Dictionary<string, string> { ["shop"] = Policy });
        string key = await server.CreateKeyAsync("shop");
        var ask = new AuthorizeRequest
        {
            ApiKey = presented.Replace("KEY", key, StringComparison.Ordinal), ApiId = apiId, Method = method, Path = path, Host = "shop.example.com",
        };

        foreach (var way in Ways)
        {
            var (told, toldStatus, _) = await way.AskAsync(server, ask);

            // The rate limit service has no statuses: over the limit is 429 by Envoy's own choice.
            Assert.Equal((way.Name, reason, way.Name == "rate limit service" ? 0 : status), (way.Name, told, toldStatus));
        }
    }

    [Fact]
    public async Task Every_way_spends_the_same_counter()
    {
        await using var server = await RunningServer.StartAsync(policies: new Dictionary<string, string> { ["shop"] = Policy });
        string key = await server.CreateKeyAsync("shop");
        var ask = new AuthorizeRequest { ApiKey = key, ApiId = "orders", Method = "GET", Path = "/orders/open", Host = "shop.example.com" };

        long left = 7;
        foreach (var way in Ways)
        {
            Assert.Equal((way.Name, "ALLOWED", --left), (way.Name, (await way.AskAsync(server, ask)).Reason, await RemainingAsync(server, ask)));
        }

        await AuthorizeAsync(server, ask);
        foreach (var way in Ways)
        {
            var (told, _, retryAfter) = await way.AskAsync(server, ask);
            Assert.Equal((way.Name, "RATE_LIMITED", 60), (way.Name, told, retryAfter));
        }
    }

    [Fact]
    public async Task The_preview_tells_the_rights_and_limits_that_every_way_decides_by()
    {
        await using var server = await RunningServer.StartAsync(policies: new Dictionary<string, string> { ["shop"] = Policy });
        string key = await server.CreateKeyAsync("shop");
        var preview = await TykAsync(server, HttpMethod.Post, "/tyk/keys/preview", """{"org_id":"acme","apply_policies":["shop"]}""");
        var right = preview.GetProperty("access_rights").GetProperty("orders");
        Assert.Equal(["/orders/open"], right.GetProperty("allowed_urls").EnumerateArray().Select(url => url.GetProperty("url").GetString()));

        // Each API, path and method that the preview names, and some that it does not.
        foreach (var (apiId, method, path) in ((string, string, string)[])[
            ("orders", "GET", "/orders/open"), ("orders", "POST", "/orders/open"), ("orders", "GET", "/orders/closed"), ("payments", "GET", "/orders/open")])
        {
            bool isTold = preview.GetProperty("access_rights").TryGetProperty(apiId, out var told)
                && told.GetProperty("allowed_urls").EnumerateArray().Any(url => url.GetProperty("url").GetString() == path
                    && url.GetProperty("methods").EnumerateArray().Any(one => one.GetString() == method));
            var ask = new AuthorizeRequest { ApiKey = key, ApiId = apiId, Method = method, Path = path, Host = "shop.example.com" };
            foreach (var way in Ways)
            {
                Assert.Equal((way.Name, path, isTold), (way.Name, path, (await way.AskAsync(server, ask)).Reason == "ALLOWED"));
            }
        }

        // The limits that it tells are those that were spent from: one unit by each way.
        var open = new AuthorizeRequest { ApiKey = key, ApiId = "orders", Method = "GET", Path = "/orders/open", Peek = true };
        var (rate, quota) = ((await server.Client.AuthorizeAsync(open)).Limits[0], (await server.Client.AuthorizeAsync(open)).Limits[1]);
        var limit = right.GetProperty("limit");
        Assert.Equal((limit.GetProperty("rate").GetInt64(), limit.GetProperty("per").GetInt64()), (rate.Limit, rate.Period.Seconds));
        Assert.Equal((limit.GetProperty("quota_max").GetInt64(), limit.GetProperty("quota_renewal_rate").GetInt64()), (quota.Limit, quota.Period.Seconds));
        Assert.Equal((quota.Limit, quota.Limit - Ways.Length), (limit.GetProperty("quota_remaining").GetInt64(), quota.Remaining));
        var stored = await TykAsync(server, HttpMethod.Get, "/tyk/keys/" + key);
        Assert.Equal(quota.Remaining, stored.GetProperty("access_rights").GetProperty("orders").GetProperty("limit").GetProperty("quota_remaining").GetInt64());
    }

    private static async Task<JsonElement> TykAsync(RunningServer server, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body) };
        request.Headers.Add("x-tyk-authorization", RunningServer.Secret);
        using var answer = await server.Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }

    private static async Task<long> RemainingAsync(RunningServer server, AuthorizeRequest ask)
    {
        var peek = ask.Clone();
        peek.Peek = true;
        return (await server.Client.AuthorizeAsync(peek)).Limits[0].Remaining;
    }

    private static Told Of(AuthorizeResponse verdict) =>
        new(Engine.ReasonTable.ToName((Engine.Reason)verdict.Reason), verdict.HttpStatus, verdict.RetryAfter?.Seconds ?? 0);

    private static async Task<Told> AuthorizeAsync(RunningServer server, AuthorizeRequest ask) => Of(await server.Client.AuthorizeAsync(ask));

    private static async Task<Told> BatchAsync(RunningServer server, AuthorizeRequest ask) =>
        Of((await server.Client.AuthorizeBatchAsync(new AuthorizeBatchRequest { Requests = { ask } })).Responses.Single());

    private static async Task<Told> StreamAsync(RunningServer server, AuthorizeRequest ask)
    {
        using var stream = server.Client.AuthorizeStream();
        await stream.RequestStream.WriteAsync(new AuthorizeStreamRequest { Request = ask });
        await stream.RequestStream.CompleteAsync();
        Assert.True(await stream.ResponseStream.MoveNext());
        return Of(stream.ResponseStream.Current.Response);
    }

    private static async Task<Told> CheckAsync(RunningServer server, AuthorizeRequest ask)
    {
        var http = new AttributeContext.Types.HttpRequest { Method = ask.Method, Path = ask.Path, Host = ask.Host };
        if (ask.ApiKey.Length > 0)
        {
            http.Headers["authorization"] = ask.ApiKey;
        }

        var attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http } };
        attributes.ContextExtensions["api_id"] = ask.ApiId;
        var answer = await new Authorization.AuthorizationClient(server.Channel).CheckAsync(new CheckRequest { Attributes = attributes });
        var told = answer.DynamicMetadata.Fields;
        Assert.Equal(told["allowed"].BoolValue, answer.Status.Code == 0);
        return new Told(
            told["reason"].StringValue,
            answer.DeniedResponse is { } denied ? (int)denied.Status.Code : 200,
            told.TryGetValue("retry_after", out var wait) ? (long)wait.NumberValue : 0);
    }

    private static async Task<Told> ForwardAsync(RunningServer server, AuthorizeRequest ask)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, ask.ApiId.Length > 0 ? "/forward-auth/" + ask.ApiId : "/forward-auth");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Method", ask.Method);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Uri", ask.Path);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Host", ask.Host);
        if (ask.ApiKey.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("Authorization", ask.ApiKey);
        }

        using var answer = await server.Http.SendAsync(request);
        return new Told(
            answer.Headers.GetValues("X-Decision-Reason").Single(), (int)answer.StatusCode, (long)(answer.Headers.RetryAfter?.Delta?.TotalSeconds ?? 0));
    }

    private static async Task<Told> ShouldRateLimitAsync(RunningServer server, AuthorizeRequest ask)
    {
        var descriptor = new RateLimitDescriptor();
        foreach (var (name, value) in ((string, string)[])[
            ("api_key", ask.ApiKey), ("api_id", ask.ApiId), ("host", ask.Host), ("method", ask.Method), ("path", ask.Path)])
        {
            descriptor.Entries.Add(new RateLimitDescriptor.Types.Entry { Key = name, Value = value });
        }

        var answer = await new RateLimitService.RateLimitServiceClient(server.Channel).ShouldRateLimitAsync(
            new RateLimitRequest { Domain = "shop", Descriptors = { descriptor } });
        var headers = answer.ResponseHeadersToAdd.ToDictionary(header => header.Key, header => header.Value);
        Assert.Equal(headers["x-decision-reason"] == "ALLOWED", answer.OverallCode == RateLimitResponse.Types.Code.Ok);
        return new Told(
            headers["x-decision-reason"], 0, headers.TryGetValue("retry-after", out string? wait) ? long.Parse(wait, CultureInfo.InvariantCulture) : 0);
    }

    private sealed record Way(string Name, Func<RunningServer, AuthorizeRequest, Task<Told>> AskAsync);

    private sealed record Told(string Reason, int Status, long RetryAfter);
}
