using Decision.Server.Configuration;
using Decision.Server.Grpc;
using Decision.Server.TykApi.Answers;

namespace Decision.Server.TykApi;

/// <summary>Around every call: the credential, the method, and what a failure answers.</summary>
internal sealed class TykCalls(AdminCredential credential, TykErrors errors, ServerSettings settings, ILogger<TykCalls> log)
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
        if (!credential.IsSecret(context.Request.Headers[route.Dialect.CredentialHeader]))
        {
            string problem = context.Request.Headers[route.Dialect.CredentialHeader].Count switch
            {
                0 => $"the header {route.Dialect.CredentialHeader} is missing.",
                1 => $"the secret in {route.Dialect.CredentialHeader} is wrong.",
                _ => $"the header {route.Dialect.CredentialHeader} was sent more than once.",
            };
            ServerLog.AdminRefused(log, name, context.Connection.RemoteIpAddress?.ToString() ?? "", problem);
            return route.Dialect.ToAnswer(route.Dialect.Unauthorised);
        }

        var operation = route.Find(context.Request.Method);
        try
        {
            if (operation is not null)
            {
                return await operation.RunAsync(new TykRequest(context, settings.MaxRequestBytes));
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
}
