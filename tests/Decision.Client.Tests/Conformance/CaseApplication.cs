using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Client.AspNetCore;
using Decision.Contracts.V1;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Client.Tests.Conformance;

/// <summary>The small application of the cases behind the middleware, over real connections.</summary>
internal sealed class CaseApplication : IAsyncDisposable
{
    private static readonly string[] Options =
        ["api_id", "organization_id", "key_headers", "key_query_parameter", "key_cookie", "remove_credential", "rules"];

    private static readonly JsonFormatter WithDefaults = new(JsonFormatter.Settings.Default.WithFormatDefaultValues(true).WithPreserveProtoFieldNames(true));

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<SeenRequest> _seen = new();

    private CaseApplication(WebApplication app) => _app = app;

    private Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public static async Task<CaseApplication> StartAsync(IDecisionClient client, JsonObject middleware)
    {
        Assert.Empty(middleware.Select(option => option.Key).Except(Options));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddDecision(options => Set(options, middleware));
        builder.Services.AddSingleton(client);
        var app = builder.Build();
        var application = new CaseApplication(app);
        app.UseDecision();
        foreach (var rule in middleware["rules"] as JsonArray ?? [])
        {
            var endpoint = app.Map((string)rule!["path"]!, application.AnswerAsync);
            if ((bool?)rule["skip"] ?? false)
            {
                endpoint.SkipDecision();
                continue;
            }

            endpoint.RequireDecision((string?)rule["api_id"], (string?)rule["api_version"]);
            if (rule["cost"] is { } cost)
            {
                endpoint.WithDecisionCost((long)cost);
            }
        }

        app.MapFallback("{**rest}", application.AnswerAsync);
        await app.StartAsync();
        return application;
    }

    /// <summary>Asks as a step says, and checks what it says of the answer, of what the application saw, and of what the service got.</summary>
    public async Task AskAsync(JsonObject step, Func<AuthorizeRequest> lastReceived)
    {
        _seen.Clear();
        var answer = await RawExchange.SendAsync(Address.Port, (JsonObject)step["http"]!);

        Assert.True((int)step["status"]! == answer.Status, $"{answer.Status}: {answer.Body}");
        foreach (var (name, expected) in step["headers"] as JsonObject ?? [])
        {
            CheckHeader(name, expected, answer.Header(name));
        }

        Assert.All(step["headers_once"] as JsonArray ?? [], name => Assert.Single(answer.Headers, header => header.Name.Equals((string)name!, StringComparison.OrdinalIgnoreCase)));
        if (step["body"] is { } body)
        {
            Assert.True(JsonNode.DeepEquals(body, JsonNode.Parse(answer.Body)), answer.Body);
        }

        Assert.Equal((string?)step["body_text"] ?? answer.Body, answer.Body);
        string whole = answer.Body + string.Join('\n', answer.Headers);
        Assert.All(step["lacks"] as JsonArray ?? [], text => Assert.DoesNotContain((string)text!, whole, StringComparison.Ordinal));
        if (step.ContainsKey("app"))
        {
            CheckSeen(step["app"] as JsonObject);
        }

        if (step["received_has"] is { } received)
        {
            JsonMatch.Check(JsonNode.Parse(WithDefaults.Format(lastReceived())), received, "received", isVerdict: false);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Set(DecisionMiddlewareOptions options, JsonObject given)
    {
        options.ApiId = (string?)given["api_id"];
        options.OrganizationId = (string?)given["organization_id"];
        options.KeyQueryParameter = (string?)given["key_query_parameter"];
        options.KeyCookie = (string?)given["key_cookie"];
        options.RemoveCredential = (bool?)given["remove_credential"] ?? false;
        if (given["key_headers"] is JsonArray headers)
        {
            options.KeyHeader = string.Join(',', headers.Select(header => (string)header!));
        }
    }

    private static void CheckHeader(string name, JsonNode? expected, string? actual)
    {
        if (expected is JsonObject { Count: 1 } ahead && ahead["in_seconds"] is JsonArray both)
        {
            long seconds = long.Parse(actual!, CultureInfo.InvariantCulture) - TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
            Assert.InRange(seconds, (long)both[0]!, (long)both[1]!);
            return;
        }

        Assert.True((string?)expected == (name == "Content-Type" ? actual?.Split(';')[0] : actual), $"{name}: {actual}");
    }

    private void CheckSeen(JsonObject? expected)
    {
        if (expected is null)
        {
            Assert.Empty(_seen);
            return;
        }

        Assert.Empty(expected.Select(field => field.Key).Except(["headers", "target", "verdict", "lacks"]));
        var seen = Assert.Single(_seen);
        Assert.All(expected["headers"] as JsonObject ?? [], header => Assert.Equal((string?)header.Value, seen.Headers.GetValueOrDefault(header.Key)));
        Assert.Equal((string?)expected["target"] ?? seen.Target, seen.Target);
        if (expected.ContainsKey("verdict"))
        {
            Assert.Equal(expected["verdict"] is null, seen.Verdict is null);
            JsonMatch.Check(seen.Verdict is null ? null : VerdictFields.Of(seen.Verdict), expected["verdict"], "verdict", isVerdict: true);
        }

        string whole = JsonSerializer.Serialize(seen.Headers) + seen.Target;
        Assert.All(expected["lacks"] as JsonArray ?? [], text => Assert.DoesNotContain((string)text!, whole, StringComparison.Ordinal));
    }

    private async Task AnswerAsync(HttpContext context)
    {
        string target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

        // The application may read the query here or there: both are of the same mind.
        int question = target.IndexOf('?', StringComparison.Ordinal);
        Assert.Equal(question < 0 ? "" : target[question..], context.Request.QueryString.Value ?? "");
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        _seen.Enqueue(new SeenRequest(headers, target, context.Features.Get<IDecisionFeature>()?.Verdict));
        context.Response.Headers["X-From-App"] = "yes";
        context.Response.Headers["X-RateLimit-Limit"] = "from-the-app";
        await context.Response.WriteAsJsonAsync("passed");
    }

    private sealed record SeenRequest(Dictionary<string, string> Headers, string Target, Verdict? Verdict);
}
