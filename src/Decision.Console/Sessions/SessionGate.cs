using System.Security.Claims;
using Decision.Console.Access;
using Decision.Console.Assets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Decision.Console.Sessions;

/// <summary>Lets nobody in who has not signed in: pages lead to the sign-in, everything else is 401.</summary>
internal static class SessionGate
{
    public static Task PassAsync(HttpContext context, RequestDelegate next)
    {
        var sessions = context.RequestServices.GetRequiredService<ConsoleSessions>();
        if (sessions.FindByToken(SessionCookie.Read(context.Request)) is { } session)
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ConsoleUser.SessionClaim, session.Id)], "console"));
            return next(context);
        }

        var path = context.Request.Path;
        if (path == SignInEndpoints.Path || path.StartsWithSegments(AssetEndpoints.Path))
        {
            return next(context);
        }

        if (HttpMethods.IsGet(context.Request.Method) && !path.StartsWithSegments("/_blazor") && !path.StartsWithSegments("/_framework"))
        {
            context.Response.Redirect($"{context.Request.PathBase}{SignInEndpoints.Path}{ReturnPath.QueryFor(path)}");
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return context.Response.WriteAsync("Sign in first.");
    }
}
