using Decision.Contracts.Admin.V1;
using Decision.Engine.Charges;
using Decision.Engine.Findings;
using Decision.Engine.Rules;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Grpc.Core;
using Model = Decision.Engine.Organizations.Organization;

namespace Decision.Server.Grpc.Admin;

/// <summary><see cref="OrganizationAdminService"/> on <see cref="OrganizationAdministration"/>.</summary>
internal sealed class OrganizationAdapter(OrganizationAdministration organizations, ICounterStore counters)
    : OrganizationAdminService.OrganizationAdminServiceBase
{
    private const string Resource = "organization";

    private static readonly UpdatableFields Fields = new(Organization.Descriptor, ["organization_id"], ["etag", "revision"]);

    public override Task<CreateOrganizationResponse> CreateOrganization(CreateOrganizationRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var findings = new FieldFindings(Resource);
            var sent = Sent.Required(request.Organization, Resource);
            var written = await organizations.CreateAsync(
                Sent.Checked(OrganizationMapping.ToModel(sent, findings), findings, Check), context.CancellationToken);
            return new CreateOrganizationResponse
            {
                Organization = OrganizationMapping.ToMessage(written.Stored),
                Findings = { FindingMapping.ToMessages([.. findings.List, .. written.Warnings], written.Stored.Value.Id) },
            };
        });

    public override Task<GetOrganizationResponse> GetOrganization(GetOrganizationRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () => new GetOrganizationResponse
        {
            Organization = OrganizationMapping.ToMessage(await organizations.GetAsync(request.OrganizationId, context.CancellationToken)),
        });

    public override Task<ListOrganizationsResponse> ListOrganizations(ListOrganizationsRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var page = await organizations.ListAsync(_ => true, "", request.PageToken, request.PageSize, context.CancellationToken);
            return new ListOrganizationsResponse
            {
                Organizations = { page.Items.Select(OrganizationMapping.ToMessage) },
                NextPageToken = page.NextPageToken,
                TotalSize = page.TotalSize,
            };
        });

    public override Task<UpdateOrganizationResponse> UpdateOrganization(UpdateOrganizationRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var sent = Sent.Required(request.Organization, Resource);
            var mask = Fields.Read(request.UpdateMask, sent);
            var findings = new FieldFindings(Resource);
            var written = await organizations.UpdateAsync(
                sent.OrganizationId,
                before => Sent.Checked(Changed(before, sent, mask, findings), findings, Check),
                sent.Etag,
                context.CancellationToken);
            return new UpdateOrganizationResponse
            {
                Organization = OrganizationMapping.ToMessage(written.Stored),
                Findings = { FindingMapping.ToMessages([.. findings.List, .. written.Warnings], sent.OrganizationId) },
            };
        });

    public override Task<DeleteOrganizationResponse> DeleteOrganization(DeleteOrganizationRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            await organizations.DeleteAsync(request.OrganizationId, request.Etag, context.CancellationToken);
            await counters.DeleteSubjectAsync(new Subject(SubjectKind.Organization, request.OrganizationId), CancellationToken.None);
            return new DeleteOrganizationResponse();
        });

    private static Model Changed(Model before, Organization sent, UpdateMask mask, FieldFindings findings)
    {
        var changed = OrganizationMapping.ToModel(mask.Apply(OrganizationMapping.ToMessage(before), sent), findings);

        // Numbers that the wire would round stay exact where nobody asked for a change.
        return changed with
        {
            Metadata = mask.Changes("meta_data") ? changed.Metadata : before.Metadata,
            ExtraFields = mask.Changes("extra_fields") ? changed.ExtraFields : before.ExtraFields,
        };
    }

    private static void Check(Model organization, FindingList findings) => OrganizationRules.Check(organization, findings);
}
