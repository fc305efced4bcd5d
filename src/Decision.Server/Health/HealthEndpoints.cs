using System.Text.Json.Serialization.Metadata;
using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Decision.Server.Configuration;
using Decision.Server.Hosting;

namespace Decision.Server.Health;

/// <summary>Whether the process lives, and whether it can answer.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        // As plain delegates: what binds parameters and results would be compiled at each start.
        endpoints.MapGet("/healthz/live", context => WriteAsync(context, StatusCodes.Status200OK, new LiveReport("live"), HealthJson.Default.LiveReport));
        endpoints.MapGet("/healthz/ready", ReadyAsync);
    }

    private static async Task ReadyAsync(HttpContext context)
    {
        var services = context.RequestServices;
        var life = services.GetRequiredService<ServerLife>();
        var time = services.GetRequiredService<TimeProvider>();
        var reports = new List<PartReport>();
        foreach (var store in services.GetServices<IStoreHealth>())
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.RequestAborted);
            reports.Add(PartReport.Of(store.Part, await store.CheckAsync(either.Token)));
        }

        foreach (var part in services.GetServices<IStatusPart>())
        {
            reports.Add(PartReport.Of(part.Name, part.Problem));
        }

        // A part that fails does not take this replica out: it still answers, as its settings say.
        bool isDegraded = reports.Exists(report => report.Problem is not null);
        string status = life.Phase switch
        {
            ServerPhase.Starting => "starting",
            ServerPhase.Draining => "draining",
            _ => isDegraded ? "degraded" : "ready",
        };
        await WriteAsync(
            context,
            life.Phase == ServerPhase.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            new ReadyReport(status, isDegraded, reports, HelpText.Version),
            HealthJson.Default.ReadyReport);
    }

    private static Task WriteAsync<T>(HttpContext context, int status, T report, JsonTypeInfo<T> json)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(report, json, cancellationToken: context.RequestAborted);
    }
}
