using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Decision.Console.Hosting;

/// <summary>Puts the console under <c>/console</c>.</summary>
public static class ConsoleEndpoints
{
    /// <summary>Where the console is.</summary>
    public const string Path = "/console";

    /// <summary>
    /// Maps the console as one endpoint, so that no other call passes anything of it. It is put together at its first request: a server whose
    /// console nobody opens has neither its services nor its libraries in memory.
    /// </summary>
    /// <param name="endpoints">Where.</param>
    /// <param name="options">The console's settings.</param>
    /// <param name="metadata">Marks the endpoint for the server.</param>
    public static void MapConsole(this IEndpointRouteBuilder endpoints, ConsoleOptions options, params object[] metadata)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        var console = new Lazy<ConsoleApplication>(() => ConsoleApplication.Create(services, options));
        endpoints.Map(Path + "/{**rest}", context => console.Value.AnswerAsync(context)).WithMetadata(metadata);
    }
}
