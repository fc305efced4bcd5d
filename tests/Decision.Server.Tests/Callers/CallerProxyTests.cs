using System.Net;
using Envoy.Extensions.Common.RateLimit.V3;
using Envoy.Service.Auth.V3;
using Envoy.Service.RateLimit.V3;
using Grpc.Core;
using Authorization = Envoy.Service.Auth.V3.Authorization;
using Code = Envoy.Service.RateLimit.V3.RateLimitResponse.Types.Code;

namespace Decision.Server.Tests.Callers;

/// <summary>Callers that are proxies: a refusal is an answer, since a failed call may be let through.</summary>
public sealed class CallerProxyTests : IDisposable
{
    private readonly CallerSite _site = new();

    public void Dispose() => _site.Dispose();

    [Fact]
    public async Task Ext_authz_refuses_in_its_answer_not_by_a_failed_call()
    {
        await using var server = await _site.StartAsync();
        string key = await server.CreateKeyAsync("small");

        Assert.Equal((0, "ALLOWED"), await CheckAsync(server, key, "orders", CallerSite.Token("edge-token")));
        Assert.Equal(((int)Google.Rpc.Code.PermissionDenied, "UNAUTHENTICATED"), await CheckAsync(server, key, "orders", []));
        Assert.Equal(((int)Google.Rpc.Code.PermissionDenied, "PERMISSION_DENIED"), await CheckAsync(server, key, "payments", CallerSite.Token("orders-token")));
        string foreign = await server.CreateKeyAsync(new Engine.Keys.Key { OrganizationId = "globex", ApplyPolicies = ["globex"] });
        Assert.Equal(((int)Google.Rpc.Code.PermissionDenied, "KEY_UNKNOWN"), await CheckAsync(server, foreign, "orders", CallerSite.Token("acme-new")));
    }

    [Fact]
    public async Task The_rate_limit_service_refuses_in_its_answer_not_by_a_failed_call()
    {
        await using var server = await _site.StartAsync();
        string key = await server.CreateKeyAsync("small");

        Assert.Equal((Code.Ok, "ALLOWED"), await LimitAsync(server, CallerSite.Token("edge-token"), ("api_key", key), ("api_id", "orders"), ("method", "GET")));
        Assert.Equal((Code.OverLimit, "UNAUTHENTICATED"), await LimitAsync(server, [], ("api_key", key), ("api_id", "orders"), ("method", "GET")));
        Assert.Equal(
            (Code.OverLimit, "PERMISSION_DENIED"),
            await LimitAsync(server, CallerSite.Token("orders-token"), ("api_key", key), ("api_id", "payments"), ("method", "GET")));
    }

    [Fact]
    public async Task Limits_of_a_policy_are_asked_within_the_scope()
    {
        await using var server = await _site.StartAsync();

        Assert.Equal((Code.Ok, "ALLOWED"), await LimitAsync(server, CallerSite.Token("edge-token"), ("policy", "globex"), ("user", "u")));
        Assert.Equal((Code.Ok, "ALLOWED"), await LimitAsync(server, CallerSite.Token("acme-new"), ("policy", "small"), ("user", "u")));
        Assert.Equal((Code.OverLimit, "POLICY_MISSING"), await LimitAsync(server, CallerSite.Token("acme-new"), ("policy", "globex"), ("user", "u")));
        Assert.Equal((Code.Ok, "ALLOWED"), await LimitAsync(server, CallerSite.Token("orders-token"), ("policy", "small"), ("api_id", "orders")));
        Assert.Equal((Code.OverLimit, "PERMISSION_DENIED"), await LimitAsync(server, CallerSite.Token("orders-token"), ("policy", "small"), ("api_id", "payments")));
        Assert.Equal((Code.OverLimit, "PERMISSION_DENIED"), await LimitAsync(server, CallerSite.Token("orders-token"), ("policy", "small"), ("user", "u")));
    }

    [Fact]
    public async Task Forward_auth_takes_the_token_from_a_header_of_its_own()
    {
        await using var server = await _site.StartAsync();
        string key = await server.CreateKeyAsync("small");

        Assert.Equal((HttpStatusCode.OK, "ALLOWED"), await ForwardAsync(server, "orders", key, "edge-token"));
        Assert.Equal((HttpStatusCode.Forbidden, "UNAUTHENTICATED"), await ForwardAsync(server, "orders", key, null));
        Assert.Equal((HttpStatusCode.Forbidden, "PERMISSION_DENIED"), await ForwardAsync(server, "payments", key, "orders-token"));

        // What stands in authorization is the client's, whatever it says.
        Assert.Equal((HttpStatusCode.Forbidden, "UNAUTHENTICATED"), await ForwardAsync(server, "orders", "Bearer edge-token", null));
    }

    private static async Task<(int Code, string Reason)> CheckAsync(RunningServer server, string key, string apiId, Metadata headers)
    {
        var http = new AttributeContext.Types.HttpRequest { Method = "GET", Path = "/orders/1", Host = "shop.example.com", Headers = { ["authorization"] = key } };
        var attributes = new AttributeContext { Request = new AttributeContext.Types.Request { Http = http }, ContextExtensions = { ["api_id"] = apiId } };
        var answer = await new Authorization.AuthorizationClient(server.Channel).CheckAsync(new CheckRequest { Attributes = attributes }, headers);
        var told = answer.OkResponse?.ResponseHeadersToAdd ?? answer.DeniedResponse.Headers;
        return (answer.Status.Code, told.Single(header => header.Header.Key == "x-decision-reason").Header.Value);
    }

    private static async Task<(Code Code, string Reason)> LimitAsync(RunningServer server, Metadata headers, params (string Name, string Value)[] entries)
    {
        var descriptor = new RateLimitDescriptor();
        descriptor.Entries.AddRange(entries.Select(entry => new RateLimitDescriptor.Types.Entry { Key = entry.Name, Value = entry.Value }));
        var answer = await new RateLimitService.RateLimitServiceClient(server.Channel).ShouldRateLimitAsync(
            new RateLimitRequest { Domain = "shop", Descriptors = { descriptor } }, headers);
        return (answer.OverallCode, answer.ResponseHeadersToAdd.Single(header => header.Key == "x-decision-reason").Value);
    }

    private static async Task<(HttpStatusCode Status, string Reason)> ForwardAsync(RunningServer server, string apiId, string authorization, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/forward-auth/" + apiId);
        request.Headers.TryAddWithoutValidation("X-Forwarded-Method", "GET");
        request.Headers.TryAddWithoutValidation("X-Forwarded-Uri", "/orders/1");
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-Decision-Token", token);
        }

        using var answer = await server.Http.SendAsync(request);
        return (answer.StatusCode, answer.Headers.GetValues("X-Decision-Reason").Single());
    }
}
