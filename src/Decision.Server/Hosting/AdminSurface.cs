using Grpc.AspNetCore.Server;

namespace Decision.Server.Hosting;

/// <summary>
/// What needs the admin credential, and is served on the admin addresses alone where there are such. Decided by the endpoint that routing
/// chose, not by the text of the path: routing takes other spellings of a path too.
/// </summary>
internal static class AdminSurface
{
    private const string AdminServices = "/decision.admin.";
    private const string Explain = "/decision.v1.AuthorizeService/Explain";

    public static bool Includes(HttpContext context) => context.GetEndpoint() is { } endpoint && Includes(endpoint);

    public static bool Includes(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is { } grpc
            ? grpc.Method.FullName is Explain || grpc.Method.FullName.StartsWith(AdminServices, StringComparison.Ordinal)
            : endpoint.Metadata.GetMetadata<AdminSurfaceMetadata>() is not null;
}
