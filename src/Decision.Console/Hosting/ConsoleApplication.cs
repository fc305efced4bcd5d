using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Decision.Console.Hosting;

/// <summary>The console's own services and its own way of a request, behind the server's endpoint.</summary>
internal sealed class ConsoleApplication
{
    private readonly ServiceProvider _services;
    private readonly RequestDelegate _pipeline;

    private ConsoleApplication(ServiceProvider services, RequestDelegate pipeline) => (_services, _pipeline) = (services, pipeline);

    /// <summary>Puts it together.</summary>
    /// <param name="server">The server's services, of which the console uses some.</param>
    /// <param name="options">The console's settings.</param>
    public static ConsoleApplication Create(IServiceProvider server, ConsoleOptions options)
    {
        var services = ConsoleServices.Create(server, options);
        var application = new ConsoleApplication(services, ConsolePipeline.Build(services));
        server.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(services.Dispose);
        return application;
    }

    /// <summary>Answers a request whose path begins with <see cref="ConsoleEndpoints.Path"/>.</summary>
    public async Task AnswerAsync(HttpContext context)
    {
        // The browser's addresses are relative to the page's base, which ends with a slash.
        if (!context.Request.Path.StartsWithSegments(ConsoleEndpoints.Path, out var rest) || !rest.HasValue)
        {
            context.Response.Redirect(ConsoleEndpoints.Path + "/");
            return;
        }

        await using var scope = _services.CreateAsyncScope();
        var outer = context.RequestServices;
        context.Request.PathBase = ConsoleEndpoints.Path;
        context.Request.Path = rest;
        context.Request.RouteValues.Clear();
        context.RequestServices = scope.ServiceProvider;
        context.SetEndpoint(null);
        try
        {
            await _pipeline(context);
        }
        finally
        {
            context.RequestServices = outer;
        }
    }
}
