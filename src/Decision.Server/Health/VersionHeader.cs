using Decision.Server.Configuration;

namespace Decision.Server.Health;

/// <summary>Tells the server's version beside the answers of <c>grpc.health.v1.Health</c>, which have no place for it.</summary>
internal static class VersionHeader
{
    /// <summary>The header's name, which <c>decisionctl status</c> reads.</summary>
    public const string Name = "decision-version";

    public static void TellVersion(this IEndpointConventionBuilder endpoints) => endpoints.Add(static endpoint =>
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context =>
        {
            context.Response.Headers[Name] = HelpText.Version;
            return answer(context);
        };
    });
}
