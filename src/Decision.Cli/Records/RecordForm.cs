using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Cli.Results;
using Decision.Engine.Findings;
using Google.Protobuf;

namespace Decision.Cli.Records;

/// <summary>The one form of a record as JSON: checked, in the names that policy files have, unknown fields beside the known ones.</summary>
internal static class RecordForm
{
    private const string Etag = "etag";
    private static readonly string[] Free = ["meta_data", "graphql_access_rights"];

    /// <summary>Brings a record into this form, with its etag where it has one.</summary>
    /// <param name="json">The record, from a policy file, from Tyk, or as this tool writes it.</param>
    /// <param name="outerId">Its id as written around it; null = none.</param>
    /// <param name="prefix">Stands before the record's name in findings.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="findings">Receives every finding.</param>
    /// <returns>Null where there are errors.</returns>
    public static JsonObject? Of<T>(JsonElement json, string? outerId, string prefix, RecordKind<T> kind, FindingList findings)
        where T : IMessage<T>
    {
        var outputs = new JsonObject();
        json = AsFile(json, kind, outputs);
        using var canonical = new MemoryStream();
        using (var writer = new Utf8JsonWriter(canonical))
        {
            if (!kind.ReadCanonical(json, outerId, prefix, findings, writer))
            {
                return null;
            }
        }

        var record = (JsonObject)JsonNode.Parse(canonical.ToArray())!;
        foreach (string field in (string[])[Etag, kind.IdField])
        {
            if (outputs[field] is { } value && record[field] is null)
            {
                record[field] = value.DeepClone();
            }
        }

        return record;
    }

    /// <summary>A record as a policy file has it, not checked: without what the service answers beside it, and without the protos' own names.</summary>
    public static JsonElement AsFile<T>(JsonElement json, RecordKind<T> kind)
        where T : IMessage<T> => AsFile(json, kind, []);

    /// <summary>A record of the service as a policy file has it; null where it has errors.</summary>
    public static JsonObject? OfMessage<T>(T message, RecordKind<T> kind, FindingList findings)
        where T : IMessage<T>
    {
        var record = Of(JsonSerializer.SerializeToElement(ProtoJson.Of(message), RecordJsonContext.Default.JsonObject), null, "", kind, findings);
        record?.Remove(Etag);
        return record;
    }

    private static JsonElement AsFile<T>(JsonElement json, RecordKind<T> kind, JsonObject outputs)
        where T : IMessage<T>
    {
        try
        {
            if (JsonNode.Parse(json.GetRawText()) is not JsonObject prepared)
            {
                return json;
            }

            Inline(prepared);
            foreach (string field in kind.OutputFields)
            {
                if (prepared[field] is { } value)
                {
                    prepared.Remove(field);
                    outputs[field] = value;
                }
            }

            return JsonSerializer.SerializeToElement(prepared, RecordJsonContext.Default.JsonObject);
        }
        catch (Exception unfit) when (unfit is ArgumentException or InvalidOperationException)
        {
            // A field twice, or a name that is no text: whoever reads the fields says which.
            return json;
        }
    }

    // Fields of the protos' own making, as the files have them.
    private static void Inline(JsonObject json)
    {
        if (json["extra_fields"] is JsonObject extra)
        {
            json.Remove("extra_fields");
            foreach (var (name, value) in extra.ToList())
            {
                extra.Remove(name);
                json.TryAdd(name, value);
            }
        }

        if (json["pattern"] is JsonValue pattern && json["url"] is null && json["methods"] is not null)
        {
            json.Remove("pattern");
            json["url"] = pattern;
        }

        if (json["key_default_expiry"] is JsonValue expiry && expiry.TryGetValue(out string? text) && text.EndsWith('s')
            && long.TryParse(text.AsSpan(0, text.Length - 1), out long seconds))
        {
            json["key_default_expiry"] = seconds;
        }

        foreach (var (name, value) in json.Where(member => !Free.Contains(member.Key)).ToList())
        {
            foreach (var inner in value is JsonArray list ? list.OfType<JsonObject>() : value is JsonObject one ? [one] : [])
            {
                Inline(inner);
            }
        }
    }
}
