using Decision.Console.Access;
using Decision.Console.Components;
using Decision.Console.Hosting;
using Decision.Runtime.Stores;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Decision.Console.Sessions;

/// <summary>The sign-in: a plain form of a plain page, which works without a script.</summary>
internal static class SignInEndpoints
{
    /// <summary>Below the console.</summary>
    public const string Path = "/sign-in";

    private const string SecretField = "secret";
    private const string ReturnField = "return";
    private const int LongestSecret = 4096;

    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(Path, ShowAsync);
        endpoints.MapPost(Path, SignInAsync);
    }

    private static Task ShowAsync(HttpContext context)
    {
        string wanted = ReturnPath.Read(context.Request.Query[ReturnField]);
        if (context.User.Identity?.IsAuthenticated == true)
        {
            return GoTo(context, wanted);
        }

        if (SessionCookie.Read(context.Request).Length > 0)
        {
            SessionCookie.Remove(context);
            return AnswerAsync(context, StatusCodes.Status200OK, wanted, "", "Your session has ended. Sign in again.");
        }

        return AnswerAsync(context, StatusCodes.Status200OK, wanted, "", "");
    }

    private static async Task SignInAsync(HttpContext context)
    {
        var services = context.RequestServices;
        if (!await services.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, "/", "", "The form was too old to be taken. Enter the secret again.");
            return;
        }

        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        string wanted = ReturnPath.Read(form[ReturnField]);
        string secret = form[SecretField].ToString().Trim();
        if (secret.Length is 0 or > LongestSecret)
        {
            await AnswerAsync(
                context, StatusCodes.Status400BadRequest, wanted, "Enter the secret of an admin credential: Admin:Secret, or a token that begins with dka_.", "");
            return;
        }

        try
        {
            var signIn = await services.GetRequiredService<IConsoleAccess>().SignInAsync(secret, context);
            if (signIn.Actor is not { } actor)
            {
                bool isLimited = signIn.RetryAfter > TimeSpan.Zero;
                if (isLimited)
                {
                    context.Response.Headers.RetryAfter = Math.Ceiling(signIn.RetryAfter.TotalSeconds).ToString("0", System.Globalization.CultureInfo.InvariantCulture);
                }

                await AnswerAsync(
                    context, isLimited ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized, wanted, signIn.Problem, "");
                return;
            }

            var sessions = services.GetRequiredService<ConsoleSessions>();
            if (sessions.FindByToken(SessionCookie.Read(context.Request)) is { } before)
            {
                sessions.End(before);
            }

            SessionCookie.Write(context, sessions.Start(actor));
            var log = services.GetRequiredService<ILogger<ConsoleSessions>>();
            ConsoleLog.SignedIn(log, actor.Name, actor.Peer);
            await GoTo(context, wanted);
        }
        catch (StoreException error)
        {
            await AnswerAsync(
                context, StatusCodes.Status503ServiceUnavailable, wanted, $"The store does not answer, so that the credential cannot be looked up: {error.Message}", "");
        }
    }

    private static Task GoTo(HttpContext context, string wanted)
    {
        // See other: what is loaded next is a page, not the form once more.
        context.Response.StatusCode = StatusCodes.Status303SeeOther;
        context.Response.Headers.Location = context.Request.PathBase + wanted;
        return Task.CompletedTask;
    }

    private static Task AnswerAsync(HttpContext context, int status, string wanted, string problem, string notice) =>
        new RazorComponentResult<SignInPage>(new Dictionary<string, object?>
        {
            [nameof(SignInPage.Return)] = wanted,
            [nameof(SignInPage.Problem)] = problem,
            [nameof(SignInPage.Notice)] = notice,
        })
        {
            StatusCode = status,
        }.ExecuteAsync(context);
}
