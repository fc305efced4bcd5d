using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Policies;
using Decision.Engine.Settings;

namespace Decision.Engine.Json;

/// <summary>The map of access rights in policies and keys.</summary>
internal static class AccessRightJson
{
    private static readonly FieldNames Names = new(
        [
            "api_name|apiname", "api_id|apiid", "versions", "allowed_urls", "restricted_types", "allowed_types", "field_access_rights",
            "disable_introspection", "limit", "allowance_scope", "endpoints",
        ],
        kept: ["json_rpc_methods", "json_rpc_methods_access_rights", "mcp_primitives", "mcp_access_rights", "set_by"]);

    private static readonly FieldNames UrlNames = new(["url", "methods"]);
    private static readonly FieldNames TypeNames = new(["name", "fields"]);
    private static readonly FieldNames FieldRightNames = new(["type_name", "field_name", "limits"]);
    private static readonly FieldNames FieldLimitNames = new(["max_query_depth"]);
    private static readonly FieldNames EndpointNames = new(["path", "methods"]);
    private static readonly FieldNames MethodNames = new(["name", "limit"]);
    private static readonly FieldNames MethodLimitNames = new(LimitJson.RateNames, kept: ["smoothing"], dropped: LimitJson.AnswerNames);

    private static readonly ImmutableSortedDictionary<string, AccessRight> None =
        ImmutableSortedDictionary<string, AccessRight>.Empty.WithComparers(StringComparer.Ordinal);

    public static ImmutableSortedDictionary<string, AccessRight> Read(FieldReader fields)
    {
        const string Name = "access_rights";
        if (fields.Value(Name) is not { } value)
        {
            return None;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            fields.Scope.Error(Name, $"expected an object, API id -> rights, got {JsonText.Describe(value)}.");
            return None;
        }

        var rights = None.ToBuilder();
        foreach (var property in value.EnumerateObject())
        {
            if (JsonText.ReadName(property) is not { } apiId)
            {
                fields.Scope.Error(Name, "has an API id that is not valid Unicode text.");
                continue;
            }

            var path = FindingScope.Join(Name, apiId);
            if (rights.ContainsKey(apiId))
            {
                fields.Scope.Error(path, "is there twice: remove one.");
            }
            else if (FieldReader.Open(property.Value, Names, fields.Scope, path) is { } right)
            {
                rights.Add(apiId, ReadRight(right));
            }
        }

        return rights.ToImmutable();
    }

    public static void Write(Utf8JsonWriter writer, ImmutableSortedDictionary<string, AccessRight> rights)
    {
        if (rights.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject("access_rights");
        foreach (var (apiId, right) in rights)
        {
            writer.WriteStartObject(apiId);
            WriteRight(writer, right);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>Path patterns with their methods, as <c>allowed_urls</c> and an API's <c>public</c> hold them.</summary>
    public static ImmutableArray<AllowedUrl> ReadUrls(FieldReader fields, string name) =>
        fields.Objects(name, UrlNames, url => new AllowedUrl(url.Text("url"), url.Texts("methods")) { ExtraFields = url.Extra() });

    public static void WriteUrls(Utf8JsonWriter writer, string name, ImmutableArray<AllowedUrl> urls) =>
        writer.Objects(name, urls, static (writer, url) =>
        {
            writer.Text("url", url.Url);
            writer.Texts("methods", url.Methods);
            writer.Extra(url.ExtraFields, UrlNames);
        });

    private static AccessRight ReadRight(FieldReader fields) => new()
    {
        ApiName = fields.Text("api_name"),
        ApiId = fields.Text("api_id"),
        Versions = fields.Texts("versions"),
        AllowedUrls = ReadUrls(fields, "allowed_urls"),
        RestrictedTypes = ReadTypes(fields, "restricted_types"),
        AllowedTypes = ReadTypes(fields, "allowed_types"),
        FieldAccessRights = fields.Objects("field_access_rights", FieldRightNames, ReadFieldRight),
        DisableIntrospection = fields.Flag("disable_introspection"),
        Limit = LimitJson.ReadBlock(fields, "limit"),
        AllowanceScope = fields.Text("allowance_scope"),
        Endpoints = fields.Objects("endpoints", EndpointNames, ReadEndpoint),
        ExtraFields = fields.Extra(),
    };

    private static void WriteRight(Utf8JsonWriter writer, AccessRight right)
    {
        writer.Text("api_name", right.ApiName);
        writer.Text("api_id", right.ApiId);
        writer.Texts("versions", right.Versions);
        WriteUrls(writer, "allowed_urls", right.AllowedUrls);
        WriteTypes(writer, "restricted_types", right.RestrictedTypes);
        WriteTypes(writer, "allowed_types", right.AllowedTypes);
        writer.Objects("field_access_rights", right.FieldAccessRights, WriteFieldRight);
        writer.Flag("disable_introspection", right.DisableIntrospection);
        LimitJson.WriteBlock(writer, "limit", right.Limit);
        writer.Text("allowance_scope", right.AllowanceScope);
        writer.Objects("endpoints", right.Endpoints, WriteEndpoint);
        writer.Extra(right.ExtraFields, Names);
    }

    private static ImmutableArray<GraphType> ReadTypes(FieldReader fields, string name) =>
        fields.Objects(name, TypeNames, type => new GraphType(type.Text("name"), type.Texts("fields")) { ExtraFields = type.Extra() });

    private static void WriteTypes(Utf8JsonWriter writer, string name, ImmutableArray<GraphType> types) =>
        writer.Objects(name, types, static (writer, type) =>
        {
            writer.Text("name", type.Name);
            writer.Texts("fields", type.Fields);
            writer.Extra(type.ExtraFields, TypeNames);
        });

    private static FieldAccessRight ReadFieldRight(FieldReader fields)
    {
        var depth = 0;
        if (fields.Inner("limits", FieldLimitNames) is { } limits)
        {
            depth = limits.Integer32("max_query_depth");
            fields.KeepRest("limits", limits);
        }

        return new FieldAccessRight(fields.Text("type_name"), fields.Text("field_name"), depth) { ExtraFields = fields.Extra() };
    }

    private static void WriteFieldRight(Utf8JsonWriter writer, FieldAccessRight right)
    {
        writer.Text("type_name", right.TypeName);
        writer.Text("field_name", right.FieldName);
        var rest = right.ExtraFields.RestOf("limits");
        if (right.MaxQueryDepth != 0 || !rest.IsEmpty)
        {
            writer.WriteStartObject("limits");
            writer.Integer("max_query_depth", right.MaxQueryDepth);
            writer.Extra(rest, FieldLimitNames);
            writer.WriteEndObject();
        }

        writer.Extra(right.ExtraFields, FieldRightNames);
    }

    private static EndpointRight ReadEndpoint(FieldReader fields) =>
        new(fields.Text("path"), fields.Objects("methods", MethodNames, ReadMethod)) { ExtraFields = fields.Extra() };

    private static void WriteEndpoint(Utf8JsonWriter writer, EndpointRight endpoint)
    {
        writer.Text("path", endpoint.Path);
        writer.Objects("methods", endpoint.Methods, WriteMethod);
        writer.Extra(endpoint.ExtraFields, EndpointNames);
    }

    private static EndpointMethod ReadMethod(FieldReader fields)
    {
        var rate = default(RateSettings);
        if (fields.Inner("limit", MethodLimitNames) is { } limit)
        {
            rate = LimitJson.ReadRate(limit);
            fields.KeepRest("limit", limit);
        }

        return new EndpointMethod(fields.Text("name"), rate) { ExtraFields = fields.Extra() };
    }

    private static void WriteMethod(Utf8JsonWriter writer, EndpointMethod method)
    {
        writer.Text("name", method.Name);
        var rest = method.ExtraFields.RestOf("limit");
        if (method.Rate != default || !rest.IsEmpty)
        {
            writer.WriteStartObject("limit");
            LimitJson.WriteRate(writer, method.Rate);
            writer.Extra(rest, MethodLimitNames);
            writer.WriteEndObject();
        }

        writer.Extra(method.ExtraFields, MethodNames);
    }
}
