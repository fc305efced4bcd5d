using Decision.Console.Sessions;
using Microsoft.AspNetCore.Http;

namespace Decision.Console.Hosting;

/// <summary>
/// The connection that pages live by comes from the console's own pages: a browser says where from, and other programs have no business here. The
/// sign-in's form has a token of its own instead, since a browser that tells no referrer tells no origin of a form either.
/// </summary>
internal static class SameOrigin
{
    public static Task CheckAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        bool isRead = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !IsUpgrade(request);
        if (isRead || request.Path == SignInEndpoints.Path || IsOwn(request))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsync("This call does not come from the console's own pages (header Origin).");
    }

    private static bool IsUpgrade(HttpRequest request) => request.Headers.Upgrade.Count > 0;

    // By name and port alone: in front of a server without TLS there may be a proxy with it.
    private static bool IsOwn(HttpRequest request) =>
        request.Headers.Origin is [{ } origin]
        && Uri.TryCreate(origin, UriKind.Absolute, out var from)
        && HostString.FromUriComponent(from).Equals(Normal(request, from.Scheme));

    private static HostString Normal(HttpRequest request, string scheme)
    {
        var host = request.Host;
        bool isUsual = host.Port is null || (scheme == "https" ? host.Port == 443 : host.Port == 80);
        return isUsual ? HostString.FromUriComponent(new Uri($"{scheme}://{host.ToUriComponent()}")) : host;
    }
}
