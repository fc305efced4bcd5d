namespace Decision.Server.Grpc.Admin;

/// <summary>Adds the services of <c>decision.admin.v1</c>; the host's interceptor asks for the credential.</summary>
internal static class AdminServices
{
    public static void MapAdminServices(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGrpcService<KeyAdapter>();
        endpoints.MapGrpcService<PolicyAdapter>();
        endpoints.MapGrpcService<ApiAdapter>();
        endpoints.MapGrpcService<OrganizationAdapter>();
        endpoints.MapGrpcService<CredentialAdapter>();
        endpoints.MapGrpcService<AuditAdapter>();
        endpoints.MapGrpcService<ActivityAdapter>();
        endpoints.MapGrpcService<BackupAdapter>();
    }
}
