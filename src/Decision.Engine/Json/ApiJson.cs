using System.Text.Json;
using Decision.Engine.Apis;
using Decision.Engine.Findings;
using Decision.Engine.Paths;
using Decision.Engine.Rules;

namespace Decision.Engine.Json;

/// <summary>Entries of the API registry as JSON.</summary>
public static class ApiJson
{
    private static readonly FieldNames Names = new(
    [
        "api_id|apiid", "name", "organization_id|org_id", "listen_path", "hosts", "versions", "default_version", "auth", "public",
        .. LimitJson.RateNames,
    ]);

    private static readonly FieldNames AuthNames = new(["header", "query_parameter", "cookie"]);

    /// <summary>Reads an API. The values are not checked: see <c>ReadChecked</c>.</summary>
    /// <param name="json">The API.</param>
    /// <param name="outerId">Its id as written around it; it counts before the one inside. Null when there is none.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="subjectPrefix">Stands before <c>API orders</c> in findings, such as a file's name.</param>
    /// <returns>Null when a field could not be read; the errors say which.</returns>
    public static Api? Read(JsonElement json, string? outerId, FindingList findings, string subjectPrefix = "")
    {
        var api = ReadPartly(json, outerId, findings, subjectPrefix, out var scope);
        return scope.HasErrors ? null : api;
    }

    /// <summary>Reads an API and checks its values, so that all findings come at once.</summary>
    /// <param name="json">The API.</param>
    /// <param name="outerId">Its id as written around it; it counts before the one inside. Null when there is none.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <param name="subjectPrefix">Stands before <c>API orders</c> in findings, such as a file's name.</param>
    /// <param name="matching">How path patterns are read.</param>
    /// <returns>Null when there is an error.</returns>
    public static Api? ReadChecked(
        JsonElement json, string? outerId, FindingList findings, string subjectPrefix = "", UrlMatching matching = UrlMatching.Segments) =>
        ReadChecked(json, outerId, findings, subjectPrefix, new PatternCheck(matching));

    /// <summary>Reads and checks one of many, whose patterns are tried once.</summary>
    internal static Api? ReadChecked(
        JsonElement json, string? outerId, FindingList findings, string subjectPrefix, PatternCheck patterns)
    {
        if (ReadPartly(json, outerId, findings, subjectPrefix, out var scope) is not { } api)
        {
            return null;
        }

        var values = new FindingList();
        ApiRules.Check(api, values, subjectPrefix, patterns);
        scope.AddUnlessFailed(values);
        return scope.HasErrors || values.HasErrors ? null : api;
    }

    /// <summary>Writes an API: fields in a fixed order without those that are not set, the ones it does not know last.</summary>
    public static void Write(Utf8JsonWriter writer, Api api)
    {
        writer.WriteStartObject();
        writer.Text("api_id", api.Id);
        writer.Text("name", api.Name);
        writer.Text("organization_id", api.OrganizationId);
        writer.Text("listen_path", api.ListenPath);
        writer.Texts("hosts", api.Hosts);
        writer.Texts("versions", api.Versions);
        writer.Text("default_version", api.DefaultVersion);
        WriteAuth(writer, api);
        AccessRightJson.WriteUrls(writer, "public", api.Public);
        LimitJson.WriteRate(writer, api.Rate);
        writer.Extra(api.ExtraFields, Names);
        writer.WriteEndObject();
    }

    private static Api? ReadPartly(
        JsonElement json, string? outerId, FindingList findings, string subjectPrefix, out FindingScope scope)
    {
        var id = outerId ?? Subjects.IdIn(json, "api_id", "apiid");
        scope = new FindingScope(Subjects.Api(id, subjectPrefix), findings);
        if (FieldReader.Open(json, Names, scope, "") is not { } fields)
        {
            return null;
        }

        if (fields.Text("api_id") is { Length: > 0 } written && written != id)
        {
            scope.Warn(
                "api_id", $"is {JsonText.Quote(written)}, but the API stands under {JsonText.Quote(id)}, which counts: make them equal.");
        }

        var auth = ReadAuth(fields);
        return new Api
        {
            Id = id,
            Name = fields.Text("name"),
            OrganizationId = fields.Text("organization_id"),
            ListenPath = fields.Text("listen_path"),
            Hosts = fields.Texts("hosts"),
            Versions = fields.Texts("versions"),
            DefaultVersion = fields.Text("default_version"),
            Auth = auth,
            Public = AccessRightJson.ReadUrls(fields, "public"),
            Rate = LimitJson.ReadRate(fields),
            ExtraFields = fields.Extra(),
        };
    }

    private static ApiCredentialSource ReadAuth(FieldReader fields)
    {
        if (fields.Inner("auth", AuthNames) is not { } auth)
        {
            return new ApiCredentialSource("", "", "");
        }

        fields.KeepRest("auth", auth);
        return new ApiCredentialSource(auth.Text("header"), auth.Text("query_parameter"), auth.Text("cookie"));
    }

    private static void WriteAuth(Utf8JsonWriter writer, Api api)
    {
        var rest = api.ExtraFields.RestOf("auth");
        var (header, queryParameter, cookie) = api.Auth;
        if (header.Length + queryParameter.Length + cookie.Length == 0 && rest.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("auth");
        writer.Text("header", header);
        writer.Text("query_parameter", queryParameter);
        writer.Text("cookie", cookie);
        writer.Extra(rest, AuthNames);
        writer.WriteEndObject();
    }
}
