using System.Net;
using Decision.Contracts.V1;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using WireLimit = Decision.Contracts.V1.LimitStatus;
using WireReason = Decision.Contracts.V1.Reason;

namespace Decision.Client.Tests.Http;

/// <summary>What the client of an application sees, and what reaches the application.</summary>
public class MiddlewareTests
{
    [Fact]
    public async Task An_allowed_request_passes_with_its_verdict_and_headers()
    {
        await using var app = await TestApplication.StartAsync();
        app.Service.Answer = (_, _) => Task.FromResult(Allowed());

        using var response = await app.SendAsync();

        Assert.Equal((HttpStatusCode.OK, "passed"), (response.StatusCode, await response.Content.ReadAsStringAsync()));
        Assert.Equal("d-1", Header(response, "X-Decision-Id"));
        Assert.Equal("ALLOWED", Header(response, "X-Decision-Reason"));
        Assert.Equal("\"rate\";q=100;w=60, \"quota\";q=1000;w=3600", Header(response, "RateLimit-Policy"));
        Assert.Equal("\"rate\";r=50;t=31, \"quota\";r=999", Header(response, "RateLimit"));
        Assert.Equal(("1000", "999", "0"), (Header(response, "X-RateLimit-Limit"), Header(response, "X-RateLimit-Remaining"), Header(response, "X-RateLimit-Reset")));
        var passed = Assert.Single(app.Passed);
        Assert.Equal(("k-1", "acme"), (passed["X-Decision-Key-Id"], passed["X-Decision-Organization-Id"]));
        Assert.Equal("Zo%C3%AB%0D%0A100%25", passed["X-Decision-Alias"]);
        Assert.Equal("gold,a%2Cb%20c", passed["X-Decision-Tags"]);
        Assert.Equal("\"rate\";limit=100;remaining=50;reset=31, \"quota\";limit=1000;remaining=999", passed["X-Decision-Limits"]);
        Assert.Equal(("k-1", true), (app.LastVerdict!.KeyId, app.LastVerdict.IsAllowed));
    }

    [Fact]
    public async Task A_denied_request_is_answered_and_does_not_pass()
    {
        await using var app = await TestApplication.StartAsync();
        app.Service.Answer = (_, _) => Task.FromResult(new AuthorizeResponse
        {
            Reason = WireReason.RateLimited, HttpStatus = 429, Message = "Rate limit \"exceeded\"", DecisionId = "d-2", KeyId = "k-1", Origin = "secret-policy",
            RetryAfter = new Duration { Seconds = 4, Nanos = 1 },
            Limits =
            {
                new WireLimit
                {
                    Name = "rate", Scope = "policy:secret-policy", Limit = 2, Remaining = -3, Denied = true,
                    Period = new Duration { Seconds = 10 }, ResetAfter = new Duration { Seconds = 9, Nanos = 500_000_000 },
                },
                new WireLimit { Name = "quota", Scope = "organization", Limit = 7, Remaining = 5 },
                new WireLimit { Name = "quota", Scope = "key", Limit = -1, Remaining = -1 },
            },
        });

        using var response = await app.SendAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        string body = await response.Content.ReadAsStringAsync();
        Assert.Equal("Rate limit \"exceeded\"", System.Text.Json.JsonDocument.Parse(body).RootElement.GetProperty("error").GetString());
        Assert.Equal("5", Header(response, "Retry-After"));
        Assert.Equal("\"rate\";q=2;w=10, \"organization-quota\";q=7", Header(response, "RateLimit-Policy"));
        Assert.Equal("\"rate\";r=0;t=10, \"organization-quota\";r=5", Header(response, "RateLimit"));
        Assert.Equal(("2", "0"), (Header(response, "X-RateLimit-Limit"), Header(response, "X-RateLimit-Remaining")));
        Assert.Equal((app.Time.GetUtcNow().ToUnixTimeSeconds() + 10).ToString(System.Globalization.CultureInfo.InvariantCulture), Header(response, "X-RateLimit-Reset"));
        Assert.Equal(("d-2", "RATE_LIMITED"), (Header(response, "X-Decision-Id"), Header(response, "X-Decision-Reason")));
        Assert.Equal("no-store", response.Headers.CacheControl!.ToString());
        Assert.Empty(app.Passed);
        Assert.DoesNotContain("secret-policy", body + response.Headers, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_a_key_is_told_how_to_come_with_one()
    {
        await using var app = await TestApplication.StartAsync();
        app.Service.Answer = (request, _) => Task.FromResult(new AuthorizeResponse
        {
            Allowed = request.ApiKey.Length > 0, Reason = WireReason.KeyMissing, HttpStatus = 401, Message = "Authorization field missing",
        });

        using var response = await app.SendAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (response.StatusCode, response.Headers.WwwAuthenticate.ToString()));
    }

    [Fact]
    public async Task The_service_is_told_the_request()
    {
        await using var app = await TestApplication.StartAsync(["Middleware:OrganizationId=acme"]);

        using var response = await app.SendAsync("/orders/1?secret=x", "POST", ("X-Api-Key", "a-key"));

        var asked = Assert.Single(app.Service.Asked);
        Assert.Equal(("a-key", "orders", "POST", "/orders/1"), (asked.ApiKey, asked.ApiId, asked.Method, asked.Path));
        Assert.Equal((app.Address.Authority, "127.0.0.1", "acme", 0), (asked.Host, asked.ClientIp, asked.OrganizationId, asked.Cost));
        Assert.NotEmpty(asked.RequestId);
        Assert.Empty(asked.Headers);
    }

    // What the server would decode or tidy up is for the service to judge.
    [Theory]
    [InlineData("/orders/%2e%2e/admin")]
    [InlineData("/orders/../admin")]
    [InlineData("/a%2Fb;v=1//c")]
    [InlineData("/%C3%ab")]
    public async Task The_service_is_told_the_path_as_it_was_sent(string path)
    {
        await using var app = await TestApplication.StartAsync();

        await app.SendRawAsync($"GET {path}?q=1 HTTP/1.1\nHost: a.example.com\nConnection: close");
        await app.SendRawAsync($"GET http://b.example.com{path}?q=1 HTTP/1.1\nHost: b.example.com\nConnection: close");

        Assert.Equal([(path, "a.example.com"), (path, "b.example.com")], app.Service.Asked.Select(asked => (asked.Path, asked.Host)));
    }

    [Theory]
    [InlineData("http://b.example.com", "/")]
    [InlineData("http://b.example.com?q=1", "/")]
    [InlineData("/orders?next=http://x/y", "/orders")]
    public async Task The_service_is_told_a_path_whatever_form_the_target_has(string target, string path)
    {
        await using var app = await TestApplication.StartAsync();

        await app.SendRawAsync($"GET {target} HTTP/1.1\nHost: b.example.com\nConnection: close");

        Assert.Equal(path, Assert.Single(app.Service.Asked).Path);
    }

    [Fact]
    public async Task A_request_of_HTTP_1_0_without_a_host_is_refused_where_the_host_decides()
    {
        await using var app = await TestApplication.StartAsync(["Middleware:ApiId=", "FailureMode=Open"]);

        string answer = await app.SendRawAsync("GET /orders/1 HTTP/1.0");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("X-Decision-Reason: INVALID_ARGUMENT", answer, StringComparison.Ordinal);
        Assert.Empty(app.Passed);
    }

    [Theory]
    [InlineData("X-Decision-Key-Id")]
    [InlineData("x-decision-anything")]
    [InlineData("X_Decision_Key_Id")]
    public async Task What_a_client_sends_under_our_names_is_removed(string name)
    {
        await using var app = await TestApplication.StartAsync();
        app.Service.Answer = (_, _) => Task.FromResult(new AuthorizeResponse { Allowed = true, Reason = WireReason.Allowed });

        using var response = await app.SendAsync(headers: [(name, "forged"), ("X-Decisions", "another")]);

        var passed = Assert.Single(app.Passed);
        Assert.DoesNotContain("forged", passed.Values);
        Assert.Equal("another", passed["X-Decisions"]);
    }

    [Fact]
    public async Task Without_a_service_requests_are_refused_with_a_time_to_come_back()
    {
        await using var app = await TestApplication.StartAsync();
        await app.Service.StopAsync();

        using var response = await app.SendAsync();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("""{"error": "The request could not be decided"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(("1", "SERVICE_UNAVAILABLE"), (Header(response, "Retry-After"), Header(response, "X-Decision-Reason")));
        Assert.False(response.Headers.Contains("X-Decision-Id"));
        Assert.Empty(app.Passed);
    }

    [Fact]
    public async Task Without_a_service_requests_pass_by_the_open_mode_without_an_identity()
    {
        await using var app = await TestApplication.StartAsync(["FailureMode=Open", "Middleware:RemoveCredential=true"]);
        await app.Service.StopAsync();

        using var response = await app.SendAsync(headers: [("X-Api-Key", "a-key"), ("X-Decision-Key-Id", "forged")]);

        Assert.Equal((HttpStatusCode.OK, "SERVICE_UNAVAILABLE"), (response.StatusCode, Header(response, "X-Decision-Reason")));
        Assert.DoesNotContain(Assert.Single(app.Passed), header => header.Key.StartsWith("X-Decision", StringComparison.OrdinalIgnoreCase) || header.Value == "a-key");
        Assert.True(app.LastVerdict!.IsFromFailureMode);
    }

    [Theory]
    [InlineData(StatusCode.InvalidArgument, 400)]
    [InlineData(StatusCode.ResourceExhausted, 400)]
    [InlineData(StatusCode.Unauthenticated, 500)]
    [InlineData(StatusCode.PermissionDenied, 500)]
    public async Task A_mistake_does_not_pass_even_by_the_open_mode(StatusCode status, int expected)
    {
        await using var app = await TestApplication.StartAsync(["FailureMode=Open"]);
        app.Service.Answer = (_, _) => throw new RpcException(new Status(status, "as the test says"));

        using var response = await app.SendAsync();

        Assert.Equal(expected, (int)response.StatusCode);
        Assert.StartsWith("{\"error\": ", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(app.Passed);
    }

    [Fact]
    public async Task An_answer_s_headers_are_ours_whatever_the_upstream_sends()
    {
        await using var app = await TestApplication.StartAsync(map: (web, it) => Microsoft.AspNetCore.Builder.EndpointRouteBuilderExtensions.MapGet(web, "/orders/1", context =>
        {
            context.Response.Headers["RateLimit"] = "\"upstream\";r=1";
            context.Response.Headers["X-Decision-Id"] = "of the upstream";
            return it.AnswerAsync(context);
        }));
        app.Service.Answer = (_, _) => Task.FromResult(Allowed());

        using var response = await app.SendAsync();

        Assert.Equal(("\"rate\";r=50;t=31, \"quota\";r=999", "d-1"), (Header(response, "RateLimit"), Header(response, "X-Decision-Id")));
    }

    [Fact]
    public async Task A_flood_is_answered_from_memory_with_a_wait_that_counts_down()
    {
        await using var app = await TestApplication.StartAsync();
        app.Service.Answer = (_, _) => Task.FromResult(new AuthorizeResponse
        {
            Reason = WireReason.RateLimited, HttpStatus = 429, RetryAfter = new Duration { Seconds = 2, Nanos = 500_000_000 },
        });

        using var first = await app.SendAsync();
        app.Time.Advance(TimeSpan.FromMilliseconds(600));
        using var second = await app.SendAsync();

        Assert.Equal(("3", "2"), (Header(first, "Retry-After"), Header(second, "Retry-After")));
        Assert.Single(app.Service.Asked);
    }

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));

    private static AuthorizeResponse Allowed() => new()
    {
        Allowed = true, Reason = WireReason.Allowed, HttpStatus = 200, DecisionId = "d-1", KeyId = "k-1", OrganizationId = "acme", Alias = "Zoë\r\n100%",
        Tags = { "gold", "a,b c" },
        Limits =
        {
            new WireLimit
            {
                Name = "rate", Scope = "policy:gold", Limit = 100, Remaining = 50, Period = new Duration { Seconds = 60 },
                ResetAfter = new Duration { Seconds = 30, Nanos = 1000 },
            },
            new WireLimit { Name = "quota", Scope = "key", Limit = 1000, Remaining = 999, Period = new Duration { Seconds = 3600 } },
        },
    };
}
