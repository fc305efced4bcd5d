using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Decision.Server.Hosting;

namespace Decision.Server.Health;

/// <summary>Whether the process lives, and whether it can answer.</summary>
internal static class HealthEndpoints
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz/live", () => Results.Json(new LiveReport("live"), HealthJson.Default.LiveReport));
        endpoints.MapGet("/healthz/ready", ReadyAsync);
    }

    private static async Task<IResult> ReadyAsync(
        ServerLife life, IEnumerable<IStoreHealth> stores, IEnumerable<IStatusPart> parts, TimeProvider time, CancellationToken cancellation)
    {
        var reports = new List<PartReport>();
        foreach (var store in stores)
        {
            using var patience = new CancellationTokenSource(Patience, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
            reports.Add(PartReport.Of(store.Part, await store.CheckAsync(either.Token)));
        }

        foreach (var part in parts)
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
        return Results.Json(
            new ReadyReport(status, isDegraded, reports),
            HealthJson.Default.ReadyReport,
            statusCode: life.Phase == ServerPhase.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
