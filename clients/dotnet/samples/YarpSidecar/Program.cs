using System.Globalization;
using Yarp.ReverseProxy.Configuration;

var builder = WebApplication.CreateBuilder(args);

// Where the service is, what happens without it and where keys are: the section Decision of appsettings.json.
builder.Services.AddDecision();
builder.Services.AddReverseProxy().LoadFromConfig(builder.Configuration.GetSection("ReverseProxy"));

var app = builder.Build();
app.UseDecision();
app.MapGet("/healthz", () => "ok").SkipDecision();
app.MapReverseProxy().ConfigureEndpoints(Describe);
app.Run();

// A route says in its metadata which API it is, and what a request costs: { "Match": ..., "Metadata": { "ApiId": "orders", "Cost": "5" } }.
static void Describe(IEndpointConventionBuilder endpoint, RouteConfig route)
{
    endpoint.RequireDecision(route.Metadata?.GetValueOrDefault("ApiId"));
    if (route.Metadata?.GetValueOrDefault("Cost") is { } cost)
    {
        endpoint.WithDecisionCost(long.Parse(cost, CultureInfo.InvariantCulture));
    }
}
