using Decision.Server.Hosting;

namespace Decision.Server.WebConsole;

/// <summary>Says why there is no console, to whoever looks for it.</summary>
internal static class MissingConsole
{
    public static void MapMissingConsole(this IEndpointRouteBuilder endpoints, string why) => endpoints.Map("/console/{**rest}", context =>
    {
        context.Response.StatusCode = StatusCodes.Status404NotFound;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(why + "\n", context.RequestAborted);
    }).WithMetadata(AdminSurfaceMetadata.Instance);
}
