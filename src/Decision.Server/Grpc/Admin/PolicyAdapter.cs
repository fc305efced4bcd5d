using System.Text;
using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Runtime;
using Decision.Runtime.Administration;
using Decision.Runtime.Catalogs;
using Decision.Runtime.Effects;
using Decision.Runtime.Files;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Model = Decision.Engine.Policies.Policy;

namespace Decision.Server.Grpc.Admin;

/// <summary><see cref="PolicyAdminService"/> on <see cref="PolicyAdministration"/>.</summary>
internal sealed class PolicyAdapter(
    PolicyAdministration policies,
    PolicyPlans plans,
    PolicyEffects effects,
    FileLayer files,
    Catalog catalog,
    TimeProvider time,
    IOptions<RuntimeOptions> options)
    : PolicyAdminService.PolicyAdminServiceBase
{
    private const string Resource = "policy";
    private const long MostKeys = 100_000;

    // The name that a document without a file, and a policy without an id, goes by in findings.
    private const string Document = "document";

    private readonly WantedMapping _wanted = new(policies, options.Value.Engine.Grants.UrlMatching);

    private static readonly UpdatableFields Fields = new(Policy.Descriptor, ["id"], ["last_updated", "etag", "revision", "source"]);

    public override Task<CreatePolicyResponse> CreatePolicy(CreatePolicyRequest request, ServerCallContext context) =>
        AdminCall.CreateAsync(Resource, async () =>
        {
            var findings = new FieldFindings(Resource);
            var policy = Sent.Checked(PolicyMapping.ToModel(Sent.Required(request.Policy, Resource), findings), findings, Check);
            var written = await policies.CreateAsync(Stamped(policy), context.CancellationToken);
            return new CreatePolicyResponse
            {
                Policy = PolicyMapping.ToMessage(written.Stored),
                Findings = { FindingMapping.ToMessages([.. findings.List, .. written.Warnings], written.Stored.Value.Id) },
                KeysAffected = written.KeysAffected,
            };
        });

    public override Task<GetPolicyResponse> GetPolicy(GetPolicyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () => new GetPolicyResponse
        {
            Policy = PolicyMapping.ToMessage(await policies.GetAsync(Sent.RequiredId(request.Id, "id"), context.CancellationToken)),
        });

    public override Task<ListPoliciesResponse> ListPolicies(ListPoliciesRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            string? organization = request.HasOrganizationId ? request.OrganizationId : null;
            var page = await policies.ListAsync(
                policy => organization is null || policy.OrganizationId == organization,
                organization is null ? "" : " of " + organization,
                request.PageToken,
                request.PageSize,
                context.CancellationToken);
            return new ListPoliciesResponse
            {
                Policies = { page.Items.Select(PolicyMapping.ToMessage) },
                NextPageToken = page.NextPageToken,
                TotalSize = page.TotalSize,
            };
        });

    public override Task<UpdatePolicyResponse> UpdatePolicy(UpdatePolicyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var sent = Sent.Required(request.Policy, Resource);
            string id = Sent.RequiredId(sent.Id, "policy.id");
            var mask = Fields.Read(request.UpdateMask, sent);
            var findings = new FieldFindings(Resource);
            var written = await policies.UpdateAsync(
                id, before => Stamped(Sent.Checked(Changed(before, sent, mask, findings), findings, Check)), sent.Etag, context.CancellationToken);
            return new UpdatePolicyResponse
            {
                Policy = PolicyMapping.ToMessage(written.Stored),
                Findings = { FindingMapping.ToMessages([.. findings.List, .. written.Warnings], id) },
                KeysAffected = written.KeysAffected,
            };
        });

    public override Task<DeletePolicyResponse> DeletePolicy(DeletePolicyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () => new DeletePolicyResponse
        {
            KeysAffected = await policies.DeleteAsync(
                Sent.RequiredId(request.Id, "id"), request.Etag, request.Force, context.CancellationToken),
        });

    public override Task<ListPolicyRevisionsResponse> ListPolicyRevisions(ListPolicyRevisionsRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            string id = Sent.RequiredId(request.Id, "id");
            var page = await policies.RevisionsAsync(id, request.PageToken, request.PageSize, context.CancellationToken);

            // A deletion says what was deleted, which is the revision before it: it may stand on the next page.
            StoredRevision<Model>? before = page.Items is [.., { Value: null }] && page.NextPageToken.Length > 0
                ? (await policies.RevisionsAsync(id, page.NextPageToken, 1, context.CancellationToken)).Items is [var earlier] ? earlier : null
                : null;
            var response = new ListPolicyRevisionsResponse { NextPageToken = page.NextPageToken, TotalSize = page.TotalSize };
            for (int index = 0; index < page.Items.Count; index++)
            {
                var revision = page.Items[index];
                var policy = revision.Value ?? (index + 1 < page.Items.Count ? page.Items[index + 1] : before)?.Value;
                response.Revisions.Add(ToMessage(revision, policy));
            }

            return response;
        });

    public override Task<RollbackPolicyResponse> RollbackPolicy(RollbackPolicyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            string id = Sent.RequiredId(request.Id, "id");
            if (request.Revision <= 0)
            {
                throw new AdministrationException("revision", $"{request.Revision} is no revision: write its number, from 1 on.");
            }

            var written = await policies.RollbackAsync(id, request.Revision, request.Etag, context.CancellationToken);
            return new RollbackPolicyResponse
            {
                Policy = PolicyMapping.ToMessage(written.Stored),
                Findings = { FindingMapping.ToMessages(written.Warnings, id) },
                KeysAffected = written.KeysAffected,
            };
        });

    public override Task<ValidatePolicyResponse> ValidatePolicy(ValidatePolicyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, () =>
        {
            var findings = new FieldFindings(Resource);
            switch (request.CandidateCase)
            {
                case ValidatePolicyRequest.CandidateOneofCase.Policy:
                    Check(PolicyMapping.ToModel(request.Policy, findings), findings.List);
                    break;
                case ValidatePolicyRequest.CandidateOneofCase.Document:
                    var read = PolicyDocument.ReadDirectoryFile(
                        Encoding.UTF8.GetBytes(request.Document), Document, findings.List, options.Value.Engine.Grants.UrlMatching);
                    foreach (var policy in read?.Values ?? [])
                    {
                        policies.WarnOfForeignApis(policy, findings.List, Document + ": ");
                    }

                    break;
                default:
                    throw new AdministrationException(Resource, "is missing, and so is document: send one of the two.");
            }

            var response = new ValidatePolicyResponse { Valid = !findings.List.HasErrors };
            response.Findings.AddRange(FindingMapping.ToMessages(findings.List.Select(WithoutPlaceholder), request.Policy?.Id ?? ""));
            return Task.FromResult(response);
        });

    public override Task<ApplyPoliciesResponse> ApplyPolicies(ApplyPoliciesRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, () => WantedMapping.InTermsOfTheRequestAsync(async () =>
        {
            long most = MostKeysOf(request.HasMaxKeys, request.MaxKeys);
            var wanted = _wanted.Read(request.Wanted);
            var plan = request.DryRun
                ? WantedMapping.Valid(await plans.MakeAsync(wanted, context.CancellationToken))
                : await plans.ApplyAsync(wanted, request.Force, request.Fingerprint, context.CancellationToken);
            return new ApplyPoliciesResponse
            {
                Plan = PlanMapping.ToMessage(plan),
                Effect = EffectMapping.ToMessage(await effects.CountAsync(plan, most, null, context.CancellationToken)),
                Applied = !request.DryRun && !plan.IsEmpty,
            };
        }));

    public override Task PreviewPolicies(
        PreviewPoliciesRequest request, IServerStreamWriter<PreviewPoliciesResponse> responseStream, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            long most = MostKeysOf(request.HasMaxKeys, request.MaxKeys);
            var plan = await plans.MakeAsync(_wanted.Read(request.Wanted), context.CancellationToken);
            await responseStream.WriteAsync(new PreviewPoliciesResponse { Plan = PlanMapping.ToMessage(plan) }, context.CancellationToken);
            if (!plan.Findings.HasErrors)
            {
                var effect = await effects.CountAsync(plan, most, TellAsync, context.CancellationToken);
                await responseStream.WriteAsync(new PreviewPoliciesResponse { Effect = EffectMapping.ToMessage(effect) }, context.CancellationToken);
            }

            return true;

            async ValueTask TellAsync(long looked, long total) => await responseStream.WriteAsync(
                new PreviewPoliciesResponse { Progress = new EffectProgress { KeysLookedAt = looked, KeysTotal = total } }, context.CancellationToken);
        });

    public override Task<ReloadPoliciesResponse> ReloadPolicies(ReloadPoliciesRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var reload = await files.ReloadAsync(context.CancellationToken);
            return new ReloadPoliciesResponse
            {
                PoliciesLoaded = catalog.Rules.Policies.Entries.Count(entry => entry.Policy.IsLoaded),
                Findings = { FindingMapping.ToMessages(reload.Findings) },
            };
        });

    private static long MostKeysOf(bool isSent, long sent) => !isSent ? MostKeys
        : sent >= 0 ? sent
        : throw new AdministrationException("max_keys", $"{sent} is negative: write how many keys to look at, or 0 for none.");

    private static Model Changed(Model before, Policy sent, UpdateMask mask, FieldFindings findings)
    {
        var changed = PolicyMapping.ToModel(mask.Apply(PolicyMapping.ToMessage(before), sent), findings);

        // What the wire has no place for, such as unknown fields deep inside, stays where nobody asked for a change.
        return changed with
        {
            AccessRights = mask.Changes("access_rights") ? changed.AccessRights : before.AccessRights,
            Metadata = mask.Changes("meta_data") ? changed.Metadata : before.Metadata,
            ExtraFields = mask.ChangesAny("extra_fields", "graphql_access_rights") ? changed.ExtraFields : before.ExtraFields,
        };
    }

    private static PolicyRevision ToMessage(StoredRevision<Model> revision, Model? policy)
    {
        var message = policy is null ? new Policy() : PolicyMapping.ToMessage(policy);
        message.Revision = revision.Number;
        message.Source = "store";
        return new PolicyRevision
        {
            Number = revision.Number,
            Time = WireTime.OfUs(revision.ChangedAtUs),
            Change = revision.Change,
            Policy = message,
        };
    }

    private static Engine.Findings.Finding WithoutPlaceholder(Engine.Findings.Finding finding) => finding.Subject switch
    {
        Document => finding with { Subject = Resource },
        var subject when subject.StartsWith(Document + ": policy", StringComparison.Ordinal) =>
            finding with { Subject = subject == $"{Document}: policy {Document}" ? Resource : subject[(Document.Length + 2)..] },
        _ => finding,
    };

    private void Check(Model policy, FindingList findings)
    {
        // A creation makes the id that is not there.
        bool isNamed = policy.Id.Length > 0;
        findings.AddRange(policies.Validate(isNamed ? policy : policy with { Id = Document })
            .Select(finding => isNamed ? finding : finding with { Subject = Resource }));
    }

    private Model Stamped(Model policy) => policy with
    {
        LastUpdated = time.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
