using Decision.Server.Hosting;
using Grpc.Core;

namespace Decision.Server.Grpc;

/// <summary>Lets calls of the <see cref="AdminSurface"/> through only with the credential.</summary>
internal sealed class AdminGuard(AdminCredential credential, ILogger<AdminGuard> log)
{
    /// <summary>UNAUTHENTICATED without the right credential; nothing where the call needs none.</summary>
    public void Require(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (!AdminSurface.Includes(http))
        {
            return;
        }

        if (credential.Problem(Values(http, "authorization"), Values(http, "x-tyk-authorization")) is { } problem)
        {
            ServerLog.AdminRefused(log, context.Method, context.Peer, problem);
            throw new RpcException(new Status(StatusCode.Unauthenticated, problem));
        }
    }

    private static string[] Values(HttpContext http, string name) => [.. http.Request.Headers[name].OfType<string>()];
}
