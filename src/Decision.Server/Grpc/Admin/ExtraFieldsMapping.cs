using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Decision.Engine.Findings;
using Decision.Engine.Json;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Grpc.Admin;

/// <summary>
/// Fields without a place of their own. They go through the reader of JSON, so that what a file keeps, warns of or refuses is the same here.
/// </summary>
internal static class ExtraFieldsMapping
{
    private static readonly ImmutableSortedDictionary<string, JsonElement> None = ImmutableSortedDictionary<string, JsonElement>.Empty;

    // Answers are ignored wherever they are sent; the secrets of the other two are dropped with a warning of their own.
    private static readonly string[] NeverKept =
        ["allowance", "quota_remaining", "quota_renews", "last_check", "basic_auth_data", "jwt_data"];

    public static ImmutableSortedDictionary<string, JsonElement> OfPolicy(Struct? extra, FieldFindings findings) =>
        Read(extra, "extra_fields", [], findings, (json, found) => PolicyJson.Read(json, "x", found)?.ExtraFields);

    public static ImmutableSortedDictionary<string, JsonElement> OfKey(Struct? extra, FieldFindings findings) =>
        Read(extra, "extra_fields", [], findings, (json, found) => KeyJson.Read(json, found)?.ExtraFields);

    public static ImmutableSortedDictionary<string, JsonElement> OfApi(Struct? extra, FieldFindings findings) =>
        Read(extra, "extra_fields", [], findings, (json, found) => ApiJson.Read(json, "x", found)?.ExtraFields);

    public static ImmutableSortedDictionary<string, JsonElement> OfOrganization(Struct? extra, FieldFindings findings) =>
        Read(extra, "extra_fields", [], findings, (json, found) => OrganizationJson.Read(json, "x", found)?.ExtraFields);

    public static ImmutableSortedDictionary<string, JsonElement> OfRight(Struct? extra, string path, FieldFindings findings) => Read(
        extra,
        $"{path}.extra_fields",
        ["access_rights", "x"],
        findings,
        (json, found) => PolicyJson.Read(json, "x", found)?.AccessRights["x"].ExtraFields);

    public static ImmutableSortedDictionary<string, JsonElement> OfLimit(Struct? extra, string path, FieldFindings findings) => Read(
        extra,
        $"{path}.extra_fields",
        ["access_rights", "x", "limit"],
        findings,
        (json, found) => PolicyJson.Read(json, "x", found) is { } read ? read.AccessRights["x"].Limit?.ExtraFields ?? None : null);

    /// <summary>Of an entry in a list, such as one of <c>allowed_urls</c>.</summary>
    /// <param name="extra">The fields.</param>
    /// <param name="path">The entry's path.</param>
    /// <param name="findings">Receives an error for each that has a field of its own.</param>
    /// <param name="rest">Name of an inner object whose unknown fields are kept here under its name; empty = there is none.</param>
    /// <param name="known">Names that have a field of their own in the entry.</param>
    public static ImmutableSortedDictionary<string, JsonElement> OfEntry(
        Struct? extra, string path, FieldFindings findings, string rest, params ReadOnlySpan<string> known)
    {
        var members = StructMapping.ToMembers(extra, $"{path}.extra_fields", findings);
        foreach (var (name, value) in members)
        {
            bool isKnown = false;
            foreach (string own in known)
            {
                isKnown |= name.Equals(own, StringComparison.OrdinalIgnoreCase);
            }

            if (isKnown)
            {
                findings.Error($"{path}.extra_fields.{name}", "has a field of its own in this message: write it there.");
            }
            else if (name != rest)
            {
                findings.Warn($"{path}.extra_fields.{name}", "is an unknown field; it is kept without effect.");
            }
            else if (value.ValueKind != JsonValueKind.Object)
            {
                findings.Error($"{path}.extra_fields.{name}", "must be an object: it holds what is unknown inside the field of this name.");
            }
        }

        return members;
    }

    private static ImmutableSortedDictionary<string, JsonElement> Read(
        Struct? extra,
        string path,
        string[] around,
        FieldFindings findings,
        Func<JsonElement, FindingList, ImmutableSortedDictionary<string, JsonElement>?> read)
    {
        if (extra is null || extra.Fields.Count == 0)
        {
            return None;
        }

        var members = StructMapping.ToMembers(extra, path, findings);
        var found = new FindingList();
        var kept = read(Wrap(members, around), found);
        string prefix = string.Concat(around.Select(name => name + "."));
        foreach (var finding in found)
        {
            string field = finding.Field.StartsWith(prefix, StringComparison.Ordinal) ? finding.Field[prefix.Length..] : finding.Field;
            findings.List.AddRange([finding with { Subject = findings.Subject, Field = $"{path}.{field}" }]);
        }

        if (kept is null)
        {
            return None;
        }

        foreach (string name in members.Keys.Where(name => !IsKept(kept, name)))
        {
            findings.Error($"{path}.{name}", "has a field of its own in this message: write it there.");
        }

        return kept;
    }

    private static bool IsKept(ImmutableSortedDictionary<string, JsonElement> kept, string name) =>
        kept.ContainsKey(name)
        || NeverKept.Contains(name, StringComparer.OrdinalIgnoreCase)
        || kept.Keys.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static JsonElement Wrap(ImmutableSortedDictionary<string, JsonElement> members, string[] around)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (string name in around)
            {
                writer.WriteStartObject(name);
            }

            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            for (int depth = 0; depth <= around.Length; depth++)
            {
                writer.WriteEndObject();
            }
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = 80 });
        return JsonElement.ParseValue(ref reader);
    }
}
