using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Keys;
using Decision.Engine.Paths;
using Decision.Engine.Rules;

namespace Decision.Engine.Json;

/// <summary>
/// Keys as JSON: Tyk's session object and the fields of our own. Two forms: what callers send and get, and the stored form, which has
/// <c>key_id</c>, <c>is_trial_settled</c> and <c>hmac_string</c> as well.
/// </summary>
public static class KeyJson
{
    private static readonly string[] ReadNames =
    [
        "org_id", "alias", .. LimitJson.AllNames, "access_rights", "apply_policies", "apply_policy_id", "tags", "meta_data", "expires",
        "date_created", "is_inactive", "hmac_enabled", "enable_http_signature_validation|EnableHTTPSignatureValidation", "hmac_string",
        "allowed_ips", .. LimitJson.BehaviorNames, "session_lifetime", "post_expiry_action", "post_expiry_grace_period", "last_updated",
        "monitor", "basic_auth_data", "jwt_data",
    ];

    private static readonly string[] StoredNames = ["key_id", "is_trial_settled"];

    private static readonly string[] KeptNames =
    [
        "oauth_client_id", "oauth_keys", "certificate", "mtls_static_certificate_bindings", "rsa_certificate_id", "data_expires",
        "enable_detail_recording", "enable_detailed_recording", "id_extractor_deadline", "Mutex",
    ];

    private static readonly FieldNames Sent = new(ReadNames, KeptNames, [.. LimitJson.AnswerNames, .. StoredNames]);

    private static readonly FieldNames Stored = new([.. ReadNames, .. StoredNames], KeptNames, LimitJson.AnswerNames);

    private static readonly FieldNames MonitorNames = new(["trigger_limits"]);
    private static readonly FieldNames BasicAuthNames = new(["password"], kept: ["hash_type"]);
    private static readonly FieldNames JwtNames = new(["secret"]);

    /// <summary>Reads a key. The values are not checked: see <c>ReadChecked</c>.</summary>
    /// <param name="json">The key.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="subject">Names the key in findings.</param>
    /// <param name="isStored">
    /// True for the stored form; else <c>key_id</c> and <c>is_trial_settled</c> are dropped: no caller sets them.
    /// </param>
    /// <returns>Null when a field could not be read; the errors say which.</returns>
    public static Key? Read(JsonElement json, FindingList findings, string subject = "key", bool isStored = false)
    {
        var scope = new FindingScope(subject, findings);
        var key = ReadPartly(json, scope, isStored);
        return scope.HasErrors ? null : key;
    }

    /// <summary>Reads a key and checks its values, so that all findings come at once.</summary>
    /// <param name="json">The key.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="subject">Names the key in findings.</param>
    /// <param name="isStored">
    /// True for the stored form; else <c>key_id</c> and <c>is_trial_settled</c> are dropped: no caller sets them.
    /// </param>
    /// <param name="matching">How path patterns are read.</param>
    /// <returns>Null when there is an error.</returns>
    public static Key? ReadChecked(
        JsonElement json, FindingList findings, string subject = "key", bool isStored = false, UrlMatching matching = UrlMatching.Segments)
    {
        var scope = new FindingScope(subject, findings);
        if (ReadPartly(json, scope, isStored) is not { } key)
        {
            return null;
        }

        var values = new FindingList();
        KeyRules.Check(key, values, subject, matching);
        scope.AddUnlessFailed(values);
        return scope.HasErrors || values.HasErrors ? null : key;
    }

    /// <summary>Writes a key: fields in a fixed order without those that are not set, the ones without a meaning here last.</summary>
    /// <param name="writer">Receives one object.</param>
    /// <param name="key">A key without errors: a number that is not finite cannot be written.</param>
    /// <param name="withSecrets">True for the stored form, with the <c>hmac_string</c> in clear; encrypt it first.</param>
    public static void Write(Utf8JsonWriter writer, Key key, bool withSecrets)
    {
        writer.WriteStartObject();
        if (withSecrets)
        {
            writer.Text("key_id", key.Id);
        }

        writer.Text("org_id", key.OrganizationId);
        writer.Text("alias", key.Alias);
        LimitJson.Write(writer, key.Limits, key.ExtraFields);
        AccessRightJson.Write(writer, key.AccessRights);
        writer.Texts("apply_policies", key.ApplyPolicies);
        writer.Texts("tags", key.Tags);
        writer.Members("meta_data", key.Metadata);
        writer.Integer("expires", key.Expires);
        writer.Text("date_created", JsonDate.Format(key.DateCreatedUs));
        writer.Flag("is_inactive", key.IsInactive);
        writer.Flag("hmac_enabled", key.HmacEnabled);
        writer.Flag("enable_http_signature_validation", key.EnableHttpSignatureValidation);
        if (withSecrets)
        {
            writer.Text("hmac_string", key.HmacString);
            writer.Flag("is_trial_settled", key.IsTrialSettled);
        }

        writer.Texts("allowed_ips", key.AllowedIps);
        LimitJson.WriteBehavior(writer, key.Behavior);
        writer.Integer("session_lifetime", key.SessionLifetime);
        writer.Text("post_expiry_action", key.PostExpiryAction);
        writer.Integer("post_expiry_grace_period", key.PostExpiryGracePeriod);
        writer.Text("last_updated", key.LastUpdated);
        WriteMonitor(writer, key);
        WriteRest(writer, key, "basic_auth_data", BasicAuthNames);
        WriteRest(writer, key, "jwt_data", JwtNames);
        writer.Extra(key.ExtraFields, Stored);
        writer.WriteEndObject();
    }

    private static Key? ReadPartly(JsonElement json, FindingScope scope, bool isStored)
    {
        if (FieldReader.Open(json, isStored ? Stored : Sent, scope, "") is not { } fields)
        {
            return null;
        }

        var limits = LimitJson.Read(fields);
        var monitor = ReadMonitor(fields);
        DropSecret(fields, "basic_auth_data", BasicAuthNames, "password");
        DropSecret(fields, "jwt_data", JwtNames, "secret");
        return new Key
        {
            Id = isStored ? fields.Text("key_id") : "",
            OrganizationId = fields.Text("org_id"),
            Alias = fields.Text("alias"),
            Limits = limits,
            AccessRights = AccessRightJson.Read(fields),
            ApplyPolicies = ReadPolicies(fields),
            Tags = fields.Texts("tags"),
            Metadata = fields.Members("meta_data"),
            Expires = fields.Integer("expires"),
            IsTrialSettled = isStored && fields.Flag("is_trial_settled"),
            DateCreatedUs = ReadDateCreated(fields),
            IsInactive = fields.Flag("is_inactive"),
            HmacEnabled = fields.Flag("hmac_enabled"),
            EnableHttpSignatureValidation = fields.Flag("enable_http_signature_validation"),
            HmacString = fields.Text("hmac_string", isSecret: true),
            AllowedIps = fields.Texts("allowed_ips"),
            Behavior = LimitJson.ReadBehavior(fields),
            SessionLifetime = fields.Integer("session_lifetime"),
            PostExpiryAction = fields.Text("post_expiry_action"),
            PostExpiryGracePeriod = fields.Integer("post_expiry_grace_period"),
            LastUpdated = fields.Text("last_updated"),
            MonitorTriggerLimits = monitor,
            ExtraFields = fields.Extra(),
        };
    }

    private static ImmutableArray<string> ReadPolicies(FieldReader fields)
    {
        var policies = fields.Texts("apply_policies");
        var single = fields.Text("apply_policy_id");
        if (single.Length == 0)
        {
            return policies;
        }

        var isUsed = policies.IsEmpty;
        var effect = isUsed || (policies.Length == 1 && policies[0] == single)
            ? "is deprecated: write apply_policies, a list of policy ids."
            : $"is deprecated, and {JsonText.Quote(single)} is ignored because apply_policies is written: remove it.";
        fields.Scope.Warn("apply_policy_id", effect);
        return isUsed ? [single] : policies;
    }

    private static long ReadDateCreated(FieldReader fields)
    {
        var text = fields.Text("date_created");
        if (text.Length == 0)
        {
            return 0;
        }

        if (JsonDate.TryParse(text, out var us))
        {
            return us;
        }

        fields.Scope.Error(
            "date_created", $"expected a date and time such as 2026-01-31T12:00:00Z (RFC 3339), got {JsonText.Quote(text)}.");
        return 0;
    }

    private static ImmutableArray<double> ReadMonitor(FieldReader fields)
    {
        if (fields.Inner("monitor", MonitorNames) is not { } monitor)
        {
            return [];
        }

        fields.KeepRest("monitor", monitor);
        return monitor.Numbers("trigger_limits");
    }

    private static void WriteMonitor(Utf8JsonWriter writer, Key key)
    {
        var rest = key.ExtraFields.RestOf("monitor");
        if (key.MonitorTriggerLimits.IsDefaultOrEmpty && rest.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("monitor");
        if (!key.MonitorTriggerLimits.IsDefaultOrEmpty)
        {
            writer.WriteStartArray("trigger_limits");
            foreach (var limit in key.MonitorTriggerLimits)
            {
                writer.WriteNumberValue(limit);
            }

            writer.WriteEndArray();
        }

        writer.Extra(rest, MonitorNames);
        writer.WriteEndObject();
    }

    private static void DropSecret(FieldReader fields, string name, FieldNames names, string secret)
    {
        if (fields.Inner(name, names, isSecret: true) is not { } inner)
        {
            return;
        }

        if (inner.Text(secret, isSecret: true).Length > 0)
        {
            fields.Scope.Warn(inner.PathOf(secret), "is not stored: this service keeps no passwords and no JWT secrets.");
        }

        fields.KeepRest(name, inner);
    }

    private static void WriteRest(Utf8JsonWriter writer, Key key, string name, FieldNames names)
    {
        var rest = key.ExtraFields.RestOf(name);
        if (rest.Keys.Any(member => names.Find(member) is null or { Use: FieldUse.Kept }))
        {
            writer.WriteStartObject(name);
            writer.Extra(rest, names);
            writer.WriteEndObject();
        }
    }
}
