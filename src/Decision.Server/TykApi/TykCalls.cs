using System.Globalization;
using Decision.Server.Administrators;
using Decision.Server.Configuration;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi;

/// <summary>Around every call: the credential and its role, the method, and what a failure answers.</summary>
internal sealed class TykCalls(
    AdminAuthentication authentication, AdminPermission permission, TykErrors errors, ServerSettings settings, ILogger<TykCalls> log)
{
    /// <summary>Answers a request on a route.</summary>
    public async Task AnswerAsync(HttpContext context, TykRoute route)
    {
        // Most answers hold secrets or depend on the moment.
        context.Response.Headers.CacheControl = "no-store";
        try
        {
            await (await RunAsync(context, route)).SendAsync(context);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who asked has gone.
        }
    }

    private async Task<TykAnswer> RunAsync(HttpContext context, TykRoute route)
    {
        string name = $"{context.Request.Method} {route.Pattern}";
        var operation = route.Find(context.Request.Method);
        try
        {
            var values = context.Request.Headers[route.Dialect.CredentialHeader];
            var signIn = values is [{ } presented] ? await authentication.SignInAsync(presented, context, "http") : default;
            if (signIn.Actor is not { } actor)
            {
                return Refused(context, route, name, values.Count switch
                {
                    0 => new SignIn(null, $"the header {route.Dialect.CredentialHeader} is missing."),
                    1 => signIn,
                    _ => new SignIn(null, $"the header {route.Dialect.CredentialHeader} was sent more than once."),
                });
            }

            if (operation is not null)
            {
                return await permission.RunAsync(
                    actor, operation.Demand, "", name, () => operation.RunAsync(new TykRequest(context, settings.MaxRequestBytes)));
            }

            if (route.Operations.Length == 0)
            {
                return route.Dialect.ToAnswer(new Refusal(StatusCodes.Status404NotFound, "Not found"));
            }

            context.Response.Headers.Allow = route.Allow;
            return route.Dialect.ToAnswer(new Refusal(StatusCodes.Status405MethodNotAllowed, "Method not supported"));
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            return route.Dialect.ToAnswer(errors.Of(exception, operation, name));
        }
    }

    private TykAnswer Refused(HttpContext context, TykRoute route, string name, SignIn signIn)
    {
        ServerLog.AdminRefused(log, name, context.Connection.RemoteIpAddress?.ToString() ?? "", signIn.Problem);
        if (signIn.RetryAfter == TimeSpan.Zero)
        {
            return route.Dialect.ToAnswer(route.Dialect.Unauthorised);
        }

        context.Response.Headers.RetryAfter = Math.Ceiling(signIn.RetryAfter.TotalSeconds).ToString("0", CultureInfo.InvariantCulture);
        return route.Dialect.ToAnswer(new Refusal(StatusCodes.Status429TooManyRequests, signIn.Problem));
    }
}
