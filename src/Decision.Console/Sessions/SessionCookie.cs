using Decision.Console.Hosting;
using Microsoft.AspNetCore.Http;

namespace Decision.Console.Sessions;

/// <summary>The cookie that names a session. It lives as long as the browser does: when the session ends is known here.</summary>
internal static class SessionCookie
{
    public const string Name = "decision-console";

    public static string Read(HttpRequest request) => request.Cookies[Name] ?? "";

    public static void Write(HttpContext context, string token) => context.Response.Cookies.Append(Name, token, OptionsFor(context));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name, OptionsFor(context));

    private static CookieOptions OptionsFor(HttpContext context) => new()
    {
        Path = ConsoleEndpoints.Path,
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        IsEssential = true,
    };
}
