using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Organizations;
using Decision.Engine.Rules;

namespace Decision.Engine.Json;

/// <summary>Organisations as JSON.</summary>
public static class OrganizationJson
{
    private static readonly FieldNames Names = new(
        [
            "organization_id|org_id|id", "name", .. LimitJson.RateNames, .. LimitJson.QuotaNames, "is_inactive", "key_default_expiry",
            "meta_data",
        ],
        dropped: LimitJson.AnswerNames);

    /// <summary>Reads an organisation. The values are not checked: see <see cref="ReadChecked"/>.</summary>
    /// <param name="json">The organisation.</param>
    /// <param name="outerId">Its id as written around it; it counts before the one inside. Null when there is none.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="subjectPrefix">Stands before <c>organisation acme</c> in findings, such as a file's name.</param>
    /// <returns>Null when a field could not be read; the errors say which.</returns>
    public static Organization? Read(JsonElement json, string? outerId, FindingList findings, string subjectPrefix = "")
    {
        var organization = ReadPartly(json, outerId, findings, subjectPrefix, out var scope);
        return scope.HasErrors ? null : organization;
    }

    /// <summary>Reads an organisation and checks its values, so that all findings come at once.</summary>
    /// <inheritdoc cref="Read"/>
    /// <returns>Null when there is an error.</returns>
    public static Organization? ReadChecked(JsonElement json, string? outerId, FindingList findings, string subjectPrefix = "")
    {
        if (ReadPartly(json, outerId, findings, subjectPrefix, out var scope) is not { } organization)
        {
            return null;
        }

        var values = new FindingList();
        OrganizationRules.Check(organization, values, subjectPrefix);
        scope.AddUnlessFailed(values);
        return scope.HasErrors || values.HasErrors ? null : organization;
    }

    /// <summary>Writes an organisation: fields in a fixed order without those that are not set, the ones it does not know last.</summary>
    public static void Write(Utf8JsonWriter writer, Organization organization)
    {
        writer.WriteStartObject();
        writer.Text("organization_id", organization.Id);
        writer.Text("name", organization.Name);
        LimitJson.WriteRate(writer, organization.Rate);
        LimitJson.WriteQuota(writer, organization.Quota);
        writer.Flag("is_inactive", organization.IsInactive);
        writer.Integer("key_default_expiry", organization.KeyDefaultExpiry);
        writer.Members("meta_data", organization.Metadata);
        writer.Extra(organization.ExtraFields, Names);
        writer.WriteEndObject();
    }

    private static Organization? ReadPartly(
        JsonElement json, string? outerId, FindingList findings, string subjectPrefix, out FindingScope scope)
    {
        var id = outerId ?? Subjects.IdIn(json, "organization_id", "org_id", "id");
        scope = new FindingScope(Subjects.Organization(id, subjectPrefix), findings);
        if (FieldReader.Open(json, Names, scope, "") is not { } fields)
        {
            return null;
        }

        if (fields.Text("organization_id") is { Length: > 0 } written && written != id)
        {
            scope.Warn(
                "organization_id",
                $"is {JsonText.Quote(written)}, but the organisation stands under {JsonText.Quote(id)}, which counts: make them equal.");
        }

        return new Organization
        {
            Id = id,
            Name = fields.Text("name"),
            Rate = LimitJson.ReadRate(fields),
            Quota = LimitJson.ReadQuota(fields),
            IsInactive = fields.Flag("is_inactive"),
            KeyDefaultExpiry = fields.Integer("key_default_expiry"),
            Metadata = fields.Members("meta_data"),
            ExtraFields = fields.Extra(),
        };
    }
}
