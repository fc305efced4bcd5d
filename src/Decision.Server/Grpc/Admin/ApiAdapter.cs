using Decision.Contracts.Admin.V1;
using Decision.Engine.Charges;
using Decision.Engine.Findings;
using Decision.Engine.Rules;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Grpc.Core;
using Model = Decision.Engine.Apis.Api;

namespace Decision.Server.Grpc.Admin;

/// <summary><see cref="ApiAdminService"/> on <see cref="ApiAdministration"/>.</summary>
internal sealed class ApiAdapter(ApiAdministration apis, ICounterStore counters) : ApiAdminService.ApiAdminServiceBase
{
    private const string Resource = "api";

    private static readonly UpdatableFields Fields = new(Api.Descriptor, ["api_id"], ["etag", "revision", "source"]);

    public override Task<CreateApiResponse> CreateApi(CreateApiRequest request, ServerCallContext context) =>
        AdminCall.CreateAsync(Resource, async () =>
        {
            var findings = new FieldFindings(Resource);
            var api = Sent.Checked(ApiMapping.ToModel(Sent.Required(request.Api, Resource), findings), findings, Check);
            var written = await apis.CreateAsync(api, context.CancellationToken);
            return new CreateApiResponse
            {
                Api = ApiMapping.ToMessage(written.Stored),
                Findings = { FindingMapping.ToMessages([.. findings.List, .. written.Warnings], written.Stored.Value.Id) },
            };
        });

    public override Task<GetApiResponse> GetApi(GetApiRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () => new GetApiResponse
        {
            Api = ApiMapping.ToMessage(await apis.GetAsync(Sent.RequiredId(request.ApiId, "api_id"), context.CancellationToken)),
        });

    public override Task<ListApisResponse> ListApis(ListApisRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            string? organization = request.HasOrganizationId ? request.OrganizationId : null;
            var page = await apis.ListAsync(
                api => organization is null || api.OrganizationId == organization,
                organization is null ? "" : " of " + organization,
                request.PageToken,
                request.PageSize,
                context.CancellationToken);
            return new ListApisResponse
            {
                Apis = { page.Items.Select(ApiMapping.ToMessage) },
                NextPageToken = page.NextPageToken,
                TotalSize = page.TotalSize,
            };
        });

    public override Task<UpdateApiResponse> UpdateApi(UpdateApiRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var sent = Sent.Required(request.Api, Resource);
            string id = Sent.RequiredId(sent.ApiId, "api.api_id");
            var mask = Fields.Read(request.UpdateMask, sent);
            var findings = new FieldFindings(Resource);
            var written = await apis.UpdateAsync(
                id, before => Sent.Checked(Changed(before, sent, mask, findings), findings, Check), sent.Etag, context.CancellationToken);
            return new UpdateApiResponse
            {
                Api = ApiMapping.ToMessage(written.Stored),
                Findings = { FindingMapping.ToMessages([.. findings.List, .. written.Warnings], id) },
            };
        });

    public override Task<DeleteApiResponse> DeleteApi(DeleteApiRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            string id = Sent.RequiredId(request.ApiId, "api_id");
            await apis.DeleteAsync(id, request.Etag, context.CancellationToken);
            await counters.DeleteSubjectAsync(new Subject(SubjectKind.Api, id), CancellationToken.None);
            return new DeleteApiResponse();
        });

    private static Model Changed(Model before, Api sent, UpdateMask mask, FieldFindings findings)
    {
        var changed = ApiMapping.ToModel(mask.Apply(ApiMapping.ToMessage(before), sent), findings);

        // What the wire has no place for stays where nobody asked for a change.
        return changed with
        {
            Public = mask.Changes("public") ? changed.Public : before.Public,
            ExtraFields = mask.Changes("extra_fields") ? changed.ExtraFields : before.ExtraFields,
        };
    }

    private static void Check(Model api, FindingList findings) => ApiRules.Check(api.Id.Length > 0 ? api : api with { Id = "new" }, findings);
}
