using System.Net;
using Decision.Client.AspNetCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Decision.Client.Tests.Http;

/// <summary>What endpoints say, and settings of the middleware.</summary>
public class EndpointTests
{
    [Theory]
    [InlineData("/plain", "orders", "", 0)]
    [InlineData("/reports", "reports", "", 0)]
    [InlineData("/versioned", "reports", "v2", 0)]
    [InlineData("/unnamed", "orders", "", 0)]
    [InlineData("/dear", "orders", "", 5)]
    [InlineData("/attributes", "reports", "v3", 7)]
    [InlineData("/group/plain", "grouped", "", 3)]
    [InlineData("/group/own", "own", "", 3)]
    [InlineData("/nothing-here", "orders", "", 0)]
    public async Task An_endpoint_says_what_is_asked(string path, string apiId, string version, long cost)
    {
        await using var app = await TestApplication.StartAsync(map: Map);

        using var response = await app.SendAsync(path);

        var asked = Assert.Single(app.Service.Asked);
        Assert.Equal((apiId, version, cost), (asked.ApiId, asked.ApiVersion, asked.Cost));
        Assert.Equal(path == "/nothing-here" ? HttpStatusCode.NotFound : HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/group/open")]
    [InlineData("/open-attribute")]
    public async Task An_endpoint_that_skips_passes_unasked_and_unforged(string path)
    {
        await using var app = await TestApplication.StartAsync(map: Map);
        await app.Service.StopAsync();

        using var response = await app.SendAsync(path, headers: ("X-Decision-Key-Id", "forged"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(Assert.Single(app.Passed).ContainsKey("X-Decision-Key-Id"));
        Assert.Null(app.LastVerdict);
        Assert.False(response.Headers.Contains("X-Decision-Reason"));
    }

    [Theory]
    [InlineData("/plain", 0)]
    [InlineData("/nothing-here", 0)]
    [InlineData("/reports", 1)]
    [InlineData("/group/plain", 1)]
    [InlineData("/attributes", 1)]
    public async Task Only_marked_endpoints_are_asked_about_where_it_is_set_so(string path, int asked)
    {
        await using var app = await TestApplication.StartAsync(["Middleware:Scope=MarkedEndpoints"], Map);

        using var response = await app.SendAsync(path);

        Assert.Equal(asked, app.Service.Asked.Count);
    }

    [Fact]
    public async Task Without_an_API_id_host_and_path_say_which_one()
    {
        await using var app = await TestApplication.StartAsync(["Middleware:ApiId="], Map);

        using var response = await app.SendAsync("/plain");

        var asked = Assert.Single(app.Service.Asked);
        Assert.Equal(("", app.Address.Authority, "/plain"), (asked.ApiId, asked.Host, asked.Path));
    }

    // Forgetting the middleware must not open what was marked.
    [Theory]
    [InlineData("/reports", HttpStatusCode.InternalServerError)]
    [InlineData("/group/plain", HttpStatusCode.InternalServerError)]
    [InlineData("/plain", HttpStatusCode.OK)]
    public async Task A_marked_endpoint_does_not_run_without_the_middleware(string path, HttpStatusCode status)
    {
        await using var app = await TestApplication.StartAsync(map: Map, pipeline: _ => { });

        using var response = await app.SendAsync(path);

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task A_request_that_runs_through_the_pipeline_again_is_decided_once()
    {
        await using var app = await TestApplication.StartAsync(
            map: (web, it) =>
            {
                web.MapGet("/fails", string () => throw new InvalidOperationException("as the test says"));
                web.Map("/error", it.AnswerAsync);
            },
            pipeline: web =>
            {
                web.UseExceptionHandler("/error");
                web.UseDecision();
            });

        using var response = await app.SendAsync("/fails");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("k-1", Assert.Single(app.Passed)["X-Decision-Key-Id"]);
        Assert.Single(app.Service.Asked);
    }

    [Fact]
    public void UseDecision_without_AddDecision_says_what_to_call()
    {
        var app = WebApplication.CreateSlimBuilder().Build();

        var exception = Assert.Throws<InvalidOperationException>(() => app.UseDecision());

        Assert.Contains("builder.Services.AddDecision()", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Wrong_values_at_an_endpoint_are_refused_at_once()
    {
        var app = WebApplication.CreateSlimBuilder().Build();
        var endpoint = app.MapGet("/", () => "");

        Assert.Throws<ArgumentException>(() => endpoint.RequireDecision("or ders"));
        Assert.Throws<ArgumentException>(() => endpoint.RequireDecision(""));
        Assert.Throws<ArgumentOutOfRangeException>(() => endpoint.WithDecisionCost(0));
    }

    [Theory]
    [InlineData("ApiId", "or ders", "Decision:Middleware:ApiId is 'or ders': write 1 to 128 characters")]
    [InlineData("ApiId", "", "Decision:Middleware:ApiId is '': write 1 to 128 characters")]
    [InlineData("OrganizationId", "a/b", "Decision:Middleware:OrganizationId is 'a/b': write 1 to 128 characters")]
    [InlineData("KeyHeader", "X Api", "Decision:Middleware:KeyHeader has 'X Api', which no header can be called")]
    [InlineData("KeyHeader", "", "Nothing says where keys are")]
    [InlineData("KeyQueryParameter", "", "Decision:Middleware:KeyQueryParameter is empty")]
    [InlineData("KeyCookie", "a=b", "Decision:Middleware:KeyCookie is 'a=b', which no cookie can be called")]
    [InlineData("RemoveCredential", "maybe", "Decision:Middleware:RemoveCredential is 'maybe': write true or false")]
    [InlineData("Scope", "Some", "Decision:Middleware:Scope is 'Some': write AllRequests or MarkedEndpoints")]
    [InlineData("Scope", "1", "Decision:Middleware:Scope is '1': write AllRequests or MarkedEndpoints")]
    [InlineData("ApiID2", "x", "Decision:Middleware:ApiID2 is not a setting: there are ApiId, ")]
    public async Task An_application_does_not_start_with_a_wrong_setting(string name, string value, string problem)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection([new("Decision:Middleware:" + name, value)]);
        builder.Services.AddDecision();
        await using var app = builder.Build();

        var exception = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());

        Assert.StartsWith(problem, Assert.Single(exception.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_of_the_middleware_in_code_count_over_the_configuration()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(
            new ConfigurationBuilder().AddInMemoryCollection([new("Decision:Middleware:ApiId", "a"), new("Decision:Middleware:KeyCookie", "c")]).Build());
        services.AddDecision(options => options.ApiId = "b");
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<DecisionMiddlewareOptions>>().Value;

        Assert.Equal(("b", "c", "X-Api-Key,Authorization", false), (options.ApiId, options.KeyCookie, options.KeyHeader, options.RemoveCredential));
    }

    private static void Map(WebApplication web, TestApplication app)
    {
        RequestDelegate answer = app.AnswerAsync;
        web.MapGet("/plain", answer);
        web.MapGet("/reports", answer).RequireDecision("reports");
        web.MapGet("/versioned", answer).RequireDecision("reports", "v2");
        web.MapGet("/unnamed", answer).RequireDecision();
        web.MapGet("/dear", answer).WithDecisionCost(5);
        web.MapGet("/healthz", answer).SkipDecision();
        web.MapGet("/attributes", [RequireDecision("reports", ApiVersion = "v3"), DecisionCost(7)] (HttpContext context) => answer(context));
        web.MapGet("/open-attribute", [SkipDecision] (HttpContext context) => answer(context));
        var group = web.MapGroup("/group").RequireDecision("grouped").WithDecisionCost(3);
        group.MapGet("/plain", answer);
        group.MapGet("/own", answer).RequireDecision("own");
        group.MapGet("/open", answer).SkipDecision();
    }
}
