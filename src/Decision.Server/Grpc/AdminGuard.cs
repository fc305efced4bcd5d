using Decision.Engine.Credentials;
using Decision.Server.Administrators;
using Decision.Server.Hosting;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.AspNetCore.Server;
using Grpc.Core;

namespace Decision.Server.Grpc;

/// <summary>Lets calls of the <see cref="AdminSurface"/> through only with a credential whose role allows them.</summary>
internal sealed class AdminGuard(AdminAuthentication authentication, AdminPermission permission, ILogger<AdminGuard> log)
{
    /// <summary>Whether the call needs a credential.</summary>
    public static bool IsNeeded(ServerCallContext context) => AdminSurface.Includes(context.GetHttpContext());

    /// <summary>Runs a call that needs a credential, as whoever presents it.</summary>
    /// <exception cref="RpcException">UNAUTHENTICATED or RESOURCE_EXHAUSTED.</exception>
    /// <exception cref="Runtime.Administration.AdministrationException">It is denied.</exception>
    public async Task<T> RunAsync<T>(object request, ServerCallContext context, Func<Task<T>> call)
    {
        var http = context.GetHttpContext();
        if (AdminHeaders.Read(http.Request.Headers, out string presented) is { } missing)
        {
            throw Refused(context, missing, TimeSpan.Zero);
        }

        var signIn = await authentication.SignInAsync(presented, http, "grpc");
        if (signIn.Actor is not { } actor)
        {
            throw Refused(context, signIn.Problem, signIn.RetryAfter);
        }

        // By what routing chose, as the surface itself: the path has other spellings.
        string method = http.GetEndpoint()!.Metadata.GetMetadata<GrpcMethodMetadata>()!.Method.FullName;
        return await permission.RunAsync(actor, RpcDemands.All[method], ObjectIdOf(request), method, call);
    }

    private RpcException Refused(ServerCallContext context, string problem, TimeSpan retryAfter)
    {
        ServerLog.AdminRefused(log, context.Method, context.Peer, problem);
        return retryAfter == TimeSpan.Zero
            ? new RpcException(new global::Grpc.Core.Status(StatusCode.Unauthenticated, problem))
            : ErrorMapping.Of(
                Code.ResourceExhausted, problem, new RetryInfo { RetryDelay = Duration.FromTimeSpan(retryAfter) });
    }

    // Where a request names what it is about by an id. What stands in a key's place may be the key itself, and is left out.
    private static string ObjectIdOf(object request)
    {
        if (request is not IMessage message)
        {
            return "";
        }

        var fields = message.Descriptor.Fields.InDeclarationOrder();
        return fields.FirstOrDefault(field => field.Name is "key_id" or "credential_id") is { } secretive
            ? secretive.Accessor.GetValue(message) is string id && KeyToken.IsId(id) ? id : ""
            : fields.FirstOrDefault(field => field.Name is "id" or "api_id" or "organization_id")?.Accessor.GetValue(message) as string ?? "";
    }
}
