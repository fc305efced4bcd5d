using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Contracts.Admin.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Decision.Cli.Results;

/// <summary>
/// Messages as JSON for programs: the protos' own names in snake_case, 64-bit integers as numbers, durations as <c>"2.5s"</c>, times as
/// RFC 3339. Records (policy, key, API, organisation) have only what is set, as their files; everything else has every field, so that
/// <c>allowed</c> is there when it is false.
/// </summary>
internal static class ProtoJson
{
    private static readonly JsonFormatter Whole = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true).WithFormatDefaultValues(true));
    private static readonly JsonFormatter Sparse = new(JsonFormatter.Settings.Default.WithPreserveProtoFieldNames(true));

    private static readonly HashSet<MessageDescriptor> Records =
        [Policy.Descriptor, Key.Descriptor, Api.Descriptor, Organization.Descriptor];

    public static JsonObject Of(IMessage message) => Of(message, Records.Contains(message.Descriptor));

    public static JsonArray Of(IEnumerable<IMessage> messages) => new([.. messages.Select(Of)]);

    private static JsonObject Of(IMessage message, bool isSparse)
    {
        var json = (JsonObject)JsonNode.Parse((isSparse ? Sparse : Whole).Format(message))!;
        Mend(json, message, isSparse);
        return json;
    }

    // What proto JSON writes for the sake of JavaScript's numbers and of whole messages.
    private static void Mend(JsonObject json, IMessage message, bool isSparse)
    {
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            if (json[field.Name] is not { } value)
            {
                continue;
            }

            if (field.FieldType is FieldType.Int64 or FieldType.UInt64 or FieldType.SInt64)
            {
                json[field.Name] = value is JsonArray numbers ? new JsonArray([.. numbers.Select(Number)]) : Number(value);
            }
            else if (field.IsMap)
            {
                MendMap((JsonObject)value, (System.Collections.IDictionary)field.Accessor.GetValue(message), isSparse);
            }
            else if (field.FieldType == FieldType.Message && value is JsonArray list)
            {
                var items = (System.Collections.IList)field.Accessor.GetValue(message);
                for (int i = 0; i < list.Count; i++)
                {
                    if (Mended(list[i], (IMessage)items[i]!, isSparse) is { } other)
                    {
                        list[i] = other;
                    }
                }
            }
            else if (field.FieldType == FieldType.Message && Mended(value, (IMessage)field.Accessor.GetValue(message), isSparse) is { } other)
            {
                json[field.Name] = other;
            }
        }
    }

    private static void MendMap(JsonObject json, System.Collections.IDictionary map, bool isSparse)
    {
        foreach (System.Collections.DictionaryEntry entry in map)
        {
            string name = Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!;
            if (entry.Value is IMessage message && Mended(json[name], message, isSparse) is { } other)
            {
                json[name] = other;
            }
        }
    }

    // Null = mended in place.
    private static JsonObject? Mended(JsonNode? json, IMessage message, bool isSparse)
    {
        if (json is not JsonObject value || message.Descriptor.File.Package == "google.protobuf")
        {
            return null;
        }

        if (!isSparse && Records.Contains(message.Descriptor))
        {
            return Of(message, isSparse: true);
        }

        Mend(value, message, isSparse);
        return null;
    }

    private static JsonNode? Number(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String
        ? JsonValue.Create(long.Parse(value.GetValue<string>(), CultureInfo.InvariantCulture))
        : value?.DeepClone();
}
