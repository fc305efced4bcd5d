using Decision.Contracts.Admin.V1;
using Decision.Runtime.Credentials;
using Grpc.Core;

namespace Decision.Server.Grpc.Admin;

/// <summary><see cref="AdminCredentialService"/> on <see cref="CredentialAdministration"/>.</summary>
internal sealed class CredentialAdapter(CredentialAdministration credentials) : AdminCredentialService.AdminCredentialServiceBase
{
    private const string Resource = "credential";

    public override Task<CreateAdminCredentialResponse> CreateAdminCredential(CreateAdminCredentialRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var sent = Sent.Required(request.Credential, Resource);
            var created = await credentials.CreateAsync(
                sent.Name,
                sent.Description,
                CredentialMapping.ToModel(sent.Role),
                sent.Organizations,
                CredentialMapping.ToUs(sent.ExpireTime, "credential.expire_time"),
                context.CancellationToken);
            return new CreateAdminCredentialResponse { Credential = CredentialMapping.ToMessage(created.Credential), Token = created.Token };
        });

    public override Task<GetAdminCredentialResponse> GetAdminCredential(GetAdminCredentialRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () => new GetAdminCredentialResponse
        {
            Credential = CredentialMapping.ToMessage(
                await credentials.GetAsync(Sent.RequiredId(request.CredentialId, "credential_id"), context.CancellationToken)),
        });

    public override Task<ListAdminCredentialsResponse> ListAdminCredentials(ListAdminCredentialsRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var page = await credentials.ListAsync(request.ShowEnded, request.PageToken, request.PageSize, context.CancellationToken);
            return new ListAdminCredentialsResponse
            {
                Credentials = { page.Items.Select(CredentialMapping.ToMessage) },
                NextPageToken = page.NextPageToken,
                TotalSize = page.TotalSize,
            };
        });

    public override Task<RevokeAdminCredentialResponse> RevokeAdminCredential(RevokeAdminCredentialRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () => new RevokeAdminCredentialResponse
        {
            Credential = CredentialMapping.ToMessage(
                await credentials.RevokeAsync(Sent.RequiredId(request.CredentialId, "credential_id"), context.CancellationToken)),
        });

    public override Task<WhoAmIResponse> WhoAmI(WhoAmIRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var actor = Actor.Current;
            return actor.Id == Actor.AdminSecretId
                ? new WhoAmIResponse
                {
                    Credential = new Contracts.Admin.V1.AdminCredential { CredentialId = actor.Id, Name = actor.Name, Role = CredentialMapping.ToMessage(actor.Role) },
                    IsAdminSecret = true,
                }
                : new WhoAmIResponse { Credential = CredentialMapping.ToMessage(await credentials.GetAsync(actor.Id, context.CancellationToken)) };
        });
}
