using Decision.Contracts.Admin.V1;
using Decision.Engine.Findings;
using Decision.Engine.Rules;
using Decision.Runtime;
using Decision.Runtime.Administration;
using Decision.Runtime.Stores;
using Grpc.Core;
using Microsoft.Extensions.Options;
using Model = Decision.Engine.Keys.Key;

namespace Decision.Server.Grpc.Admin;

/// <summary><see cref="KeyService"/> on <see cref="KeyAdministration"/>.</summary>
internal sealed class KeyAdapter(KeyAdministration keys, TimeProvider time, IOptions<RuntimeOptions> options) : KeyService.KeyServiceBase
{
    private const string Resource = "key";
    private const string KeyId = "key_id";
    private const string Expires = "expires";
    private const string HmacString = "hmac_string";

    private static readonly UpdatableFields Fields = new(
        Key.Descriptor,
        [KeyId],
        ["quota_renews", "quota_remaining", "date_created", "last_updated", "allowance", "last_check", "key_hashes", "etag"],
        HmacString);

    public override Task<CreateKeyResponse> CreateKey(CreateKeyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var findings = new FieldFindings(Resource);
            var settings = Sent.Checked(KeyMapping.ToModel(Sent.Required(request.Key, Resource), findings), findings, Check);
            var created = await keys.CreateAsync(settings, request.ApiKey, allowsUnknownPolicies: false, context.CancellationToken);
            var key = KeyMapping.ToMessage(created.Record, time.NowUs());
            key.HmacString = created.HmacString;
            return new CreateKeyResponse
            {
                ApiKey = created.ApiKey,
                KeyId = key.KeyId,
                KeyHash = created.Record.Hashes[0].ToText(),
                Key = key,
                Findings = { FindingMapping.ToMessages([.. findings.List, .. created.Warnings], key.KeyId) },
            };
        });

    public override Task<GetKeyResponse> GetKey(GetKeyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            string id = Sent.RequiredId(request.KeyId, KeyId);
            switch (request.View)
            {
                case KeyView.Unspecified or KeyView.Stored:
                    return new GetKeyResponse { Key = KeyMapping.ToMessage(await keys.GetAsync(id, context.CancellationToken), time.NowUs()) };
                case KeyView.Effective:
                    var effective = await keys.GetEffectiveAsync(id, context.CancellationToken);
                    var view = EffectiveKeyView.Of(effective.Grant.Merged, effective.Usage);
                    return new GetKeyResponse
                    {
                        Key = KeyMapping.ToMessage(view, effective.Record, time.NowUs()),
                        Findings = { FindingMapping.ToMessages(view.Findings, id) },
                    };
                default:
                    throw new AdministrationException("view", $"{(int)request.View} is no view: write STORED or EFFECTIVE.");
            }
        });

    public override Task<FindKeyResponse> FindKey(FindKeyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () => new FindKeyResponse
        {
            KeyId = await keys.FindIdAsync(Sent.RequiredText(request.ApiKey, "api_key"), context.CancellationToken) ?? "",
        });

    public override Task<ListKeysResponse> ListKeys(ListKeysRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var filter = new KeyFilter(
                request.HasOrganizationId ? request.OrganizationId : null,
                NullIfEmpty(request.PolicyId),
                NullIfEmpty(request.Tag),
                NullIfEmpty(request.Alias));
            var page = await keys.ListAsync(filter, request.PageToken, request.PageSize, context.CancellationToken);
            long nowUs = time.NowUs();
            return new ListKeysResponse
            {
                Keys = { page.Items.Select(record => KeyMapping.ToMessage(record, nowUs)) },
                NextPageToken = page.NextPageToken,
                TotalSize = page.TotalSize,
            };
        });

    public override Task<UpdateKeyResponse> UpdateKey(UpdateKeyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var sent = Sent.Required(request.Key, Resource);
            string id = Sent.RequiredId(sent.KeyId, "key.key_id");
            var mask = Fields.Read(request.UpdateMask, sent);
            if (mask.Names(HmacString) && sent.HmacString.Length == 0)
            {
                throw new AdministrationException(
                    "key.hmac_string", "is empty, and a secret cannot be taken away: send a new one, or switch hmac_enabled off.");
            }

            var findings = new FieldFindings(Resource);
            var change = new KeyChange(
                before =>
                {
                    // A write that met another one is tried again, and only the last try counts.
                    findings = new FieldFindings(Resource);
                    return Sent.Checked(Changed(before, sent, mask, findings), findings, Check);
                },
                mask.Names(Expires),
                sent.Etag,
                SaysExpires: mask.Changes(Expires));
            var updated = await keys.UpdateAsync(id, change, context.CancellationToken);
            var key = KeyMapping.ToMessage(updated.Record, time.NowUs());
            key.HmacString = updated.HmacString;
            return new UpdateKeyResponse
            {
                Key = key,
                Findings = { FindingMapping.ToMessages([.. findings.List, .. updated.Warnings], id) },
            };
        });

    public override Task<DeleteKeyResponse> DeleteKey(DeleteKeyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            await keys.DeleteAsync(Sent.RequiredId(request.KeyId, KeyId), request.Etag, context.CancellationToken);
            return new DeleteKeyResponse();
        });

    public override Task<RotateKeyResponse> RotateKey(RotateKeyRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            string id = Sent.RequiredId(request.KeyId, KeyId);
            var overlap = TimeSpan.Zero;
            if (request.Overlap is { } sent && !WireTime.TryRead(sent, out overlap))
            {
                throw new AdministrationException("overlap", "is no duration: its seconds and nanoseconds are out of range or of different signs.");
            }

            var rotated = await keys.RotateAsync(id, overlap, request.Etag, context.CancellationToken);
            return new RotateKeyResponse
            {
                ApiKey = rotated.ApiKey,
                KeyId = id,
                KeyHash = rotated.Record.Hashes[0].ToText(),
                PreviousValidUntil = WireTime.OfUs(rotated.PreviousEndsAtUs),
            };
        });

    public override Task<GetUsageResponse> GetUsage(GetUsageRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var readings = await keys.GetUsageAsync(Sent.RequiredId(request.KeyId, KeyId), context.CancellationToken);
            return new GetUsageResponse { Usages = { readings.Select(reading => UsageMapping.ToMessage(reading, time)) } };
        });

    public override Task<ResetUsageResponse> ResetUsage(ResetUsageRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            var readings = await keys.ResetUsageAsync(
                Sent.RequiredId(request.KeyId, KeyId), request.Name, request.Scope, context.CancellationToken);
            return new ResetUsageResponse
            {
                Cleared =
                {
                    readings.Where(reading => reading.Used != 0 || reading.PeriodStartUs != 0)
                        .Select(reading => UsageMapping.ToMessage(reading, time)),
                },
            };
        });

    public override Task<AdjustUsageResponse> AdjustUsage(AdjustUsageRequest request, ServerCallContext context) =>
        AdminCall.RunAsync(Resource, async () =>
        {
            string id = Sent.RequiredId(request.KeyId, KeyId);
            if (request.Delta == 0)
            {
                throw new AdministrationException("delta", "is 0, which changes nothing: write how many units to add, or to give back as a negative number.");
            }

            var reading = await keys.AdjustUsageAsync(id, request.Scope, request.ApiId, request.Delta, context.CancellationToken);
            return new AdjustUsageResponse { Usage = UsageMapping.ToMessage(reading, time) };
        });

    private static Model Changed(Model before, Key sent, UpdateMask mask, FieldFindings findings)
    {
        var merged = mask.Apply(KeyMapping.ToMessage(before), sent);
        if (mask.Changes("apply_policy_id") && !mask.Changes("apply_policies"))
        {
            merged.ApplyPolicies.Clear();
        }

        var changed = KeyMapping.ToModel(merged, findings);

        // What the wire has no place for, such as unknown fields deep inside, stays where nobody asked for a change.
        return changed with
        {
            AccessRights = mask.Changes("access_rights") ? changed.AccessRights : before.AccessRights,
            Metadata = mask.Changes("meta_data") ? changed.Metadata : before.Metadata,
            ExtraFields = mask.ChangesAny("extra_fields", "rsa_certificate_id", "certificate", "oauth_client_id")
                ? changed.ExtraFields : before.ExtraFields,
            IsTrialSettled = before.IsTrialSettled,
        };
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private void Check(Model key, FindingList findings) => KeyRules.Check(key, findings, matching: options.Value.Engine.Grants.UrlMatching);
}
