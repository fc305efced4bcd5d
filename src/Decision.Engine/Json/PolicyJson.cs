using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Paths;
using Decision.Engine.Policies;
using Decision.Engine.Rules;

namespace Decision.Engine.Json;

/// <summary>Policies as JSON, in Tyk's field names and with the fields of our own.</summary>
public static class PolicyJson
{
    internal static readonly FieldNames Names = new(
        [
            "_id", "id", "name", "org_id", .. LimitJson.AllNames, "access_rights", "hmac_enabled",
            "enable_http_signature_validation|EnableHTTPSignatureValidation", "active", "is_inactive", "tags", "key_expires_in",
            "post_expiry_action", "post_expiry_grace_period", "partitions", "last_updated", "meta_data", "allowed_ips",
            .. LimitJson.BehaviorNames,
        ],
        kept: ["graphql_access_rights", "state", "date_created", "access_rights_array", "user_owners", "user_group_owners"],
        dropped: LimitJson.AnswerNames);

    private static readonly FieldNames PartitionNames = new(["quota", "rate_limit", "acl", "complexity", "per_api"]);

    /// <summary>Reads a policy. The values are not checked: see <c>ReadChecked</c>.</summary>
    /// <param name="json">The policy.</param>
    /// <param name="outerId">Its id as written around it, such as a property's name; it counts before one inside. Null = none.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="subjectPrefix">Stands before <c>policy gold</c> in findings, such as a file's name.</param>
    /// <returns>Null when a field could not be read; the errors say which.</returns>
    public static Policy? Read(JsonElement json, string? outerId, FindingList findings, string subjectPrefix = "")
    {
        var policy = ReadPartly(json, outerId, findings, subjectPrefix, out var scope);
        return scope.HasErrors ? null : policy;
    }

    /// <summary>Reads a policy and checks its values, so that all findings come at once.</summary>
    /// <param name="json">The policy.</param>
    /// <param name="outerId">Its id as written around it, such as a property's name; it counts before one inside. Null = none.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="subjectPrefix">Stands before <c>policy gold</c> in findings, such as a file's name.</param>
    /// <param name="matching">How path patterns are read.</param>
    /// <returns>Null when there is an error.</returns>
    public static Policy? ReadChecked(
        JsonElement json, string? outerId, FindingList findings, string subjectPrefix = "", UrlMatching matching = UrlMatching.Segments) =>
        ReadChecked(json, outerId, findings, subjectPrefix, new PatternCheck(matching));

    /// <summary>Reads and checks one of many, whose patterns are tried once.</summary>
    internal static Policy? ReadChecked(
        JsonElement json, string? outerId, FindingList findings, string subjectPrefix, PatternCheck patterns)
    {
        var policy = ReadPartly(json, outerId, findings, subjectPrefix, out var scope);
        if (policy is null)
        {
            return null;
        }

        var values = new FindingList();
        PolicyRules.Check(policy, values, subjectPrefix, patterns);
        scope.AddUnlessFailed(values);
        return scope.HasErrors || values.HasErrors ? null : policy;
    }

    /// <summary>Writes a policy: fields in a fixed order without those that are not set, the ones it does not know last.</summary>
    /// <param name="writer">Receives one object.</param>
    /// <param name="policy">A policy without errors: a number that is not finite cannot be written.</param>
    public static void Write(Utf8JsonWriter writer, Policy policy)
    {
        writer.WriteStartObject();
        writer.Text("_id", policy.ObjectId);
        writer.Text("id", policy.Id);
        writer.Text("name", policy.Name);
        writer.Text("org_id", policy.OrganizationId);
        LimitJson.Write(writer, policy.Limits, policy.ExtraFields);
        AccessRightJson.Write(writer, policy.AccessRights);
        writer.Flag("hmac_enabled", policy.HmacEnabled);
        writer.Flag("enable_http_signature_validation", policy.EnableHttpSignatureValidation);
        if (policy.Active is { } active)
        {
            writer.WriteBoolean("active", active);
        }

        writer.Flag("is_inactive", policy.IsInactive);
        writer.Texts("tags", policy.Tags);
        writer.Integer("key_expires_in", policy.KeyExpiresIn);
        writer.Text("post_expiry_action", policy.PostExpiryAction);
        writer.Integer("post_expiry_grace_period", policy.PostExpiryGracePeriod);
        WritePartitions(writer, policy);
        writer.Text("last_updated", policy.LastUpdated);
        writer.Members("meta_data", policy.Metadata);
        writer.Texts("allowed_ips", policy.AllowedIps);
        LimitJson.WriteBehavior(writer, policy.Behavior);
        writer.Extra(policy.ExtraFields, Names);
        writer.WriteEndObject();
    }

    private static Policy? ReadPartly(
        JsonElement json, string? outerId, FindingList findings, string subjectPrefix, out FindingScope scope)
    {
        var id = outerId ?? Subjects.IdIn(json, "id", "_id");
        scope = new FindingScope(Subjects.Policy(id, subjectPrefix), findings);
        if (FieldReader.Open(json, Names, scope, "") is not { } fields)
        {
            return null;
        }

        var policy = ReadFields(fields, id);
        if (fields.Text("id") is { Length: > 0 } written && written != id)
        {
            scope.Warn(
                "id", $"is {JsonText.Quote(written)}, but the policy stands under {JsonText.Quote(id)}, which counts: make them equal.");
        }

        if (StateOf(policy) is "draft" or "deny")
        {
            scope.Warn("state", "is kept without effect: write active: false for a draft, or is_inactive: true to deny.");
        }

        return policy;
    }

    private static Policy ReadFields(FieldReader fields, string id)
    {
        var limits = LimitJson.Read(fields);
        var partitions = ReadPartitions(fields);
        return new Policy
        {
            Id = id,
            ObjectId = fields.Text("_id"),
            Name = fields.Text("name"),
            OrganizationId = fields.Text("org_id"),
            Limits = limits,
            AccessRights = AccessRightJson.Read(fields),
            Partitions = partitions,
            HmacEnabled = fields.Flag("hmac_enabled"),
            EnableHttpSignatureValidation = fields.Flag("enable_http_signature_validation"),
            Active = fields.OptionalFlag("active"),
            IsInactive = fields.Flag("is_inactive"),
            Tags = fields.Texts("tags"),
            KeyExpiresIn = fields.Integer("key_expires_in"),
            PostExpiryAction = fields.Text("post_expiry_action"),
            PostExpiryGracePeriod = fields.Integer("post_expiry_grace_period"),
            LastUpdated = fields.Text("last_updated"),
            Metadata = fields.Members("meta_data"),
            AllowedIps = fields.Texts("allowed_ips"),
            Behavior = LimitJson.ReadBehavior(fields),
            ExtraFields = fields.Extra(),
        };
    }

    private static Partitions ReadPartitions(FieldReader fields)
    {
        if (fields.Inner("partitions", PartitionNames) is not { } inner)
        {
            return default;
        }

        fields.KeepRest("partitions", inner);
        return new Partitions(
            inner.Flag("quota"), inner.Flag("rate_limit"), inner.Flag("acl"), inner.Flag("complexity"), inner.Flag("per_api"));
    }

    private static void WritePartitions(Utf8JsonWriter writer, Policy policy)
    {
        var rest = policy.ExtraFields.RestOf("partitions");
        var partitions = policy.Partitions;
        if (partitions == default && rest.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("partitions");
        writer.Flag("quota", partitions.Quota);
        writer.Flag("rate_limit", partitions.RateLimit);
        writer.Flag("acl", partitions.Acl);
        writer.Flag("complexity", partitions.Complexity);
        writer.Flag("per_api", partitions.PerApi);
        writer.Extra(rest, PartitionNames);
        writer.WriteEndObject();
    }

    private static string? StateOf(Policy policy) =>
        policy.ExtraFields.TryGetValue("state", out var state) && state.ValueKind == JsonValueKind.String ? state.GetString() : null;
}
