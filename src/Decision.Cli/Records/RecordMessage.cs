using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Decision.Contracts.Admin.V1;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Cli.Records;

/// <summary>From a record as JSON in snake_case to its message: what the message has no field for goes to its <c>extra_fields</c>.</summary>
internal static class RecordMessage
{
    private const string ExtraFields = "extra_fields";

    public static T Parse<T>(JsonObject record)
        where T : IMessage<T>, new()
    {
        var descriptor = new T().Descriptor;
        var rest = Shape(record, descriptor);
        if (rest.Count > 0 && descriptor.FindFieldByName(ExtraFields) is not null)
        {
            record[ExtraFields] = rest;
        }

        return JsonParser.Default.Parse<T>(record.ToJsonString());
    }

    // Makes proto JSON of it in place; gives what no field takes.
    private static JsonObject Shape(JsonObject json, MessageDescriptor descriptor)
    {
        var rest = new JsonObject();
        foreach (var (written, value) in json.ToList())
        {
            string name = descriptor == PublicPath.Descriptor && written == "url" ? "pattern" : written;
            var field = descriptor.FindFieldByName(name) ?? descriptor.Fields.InFieldNumberOrder().FirstOrDefault(one => one.JsonName == name);
            json.Remove(written);
            if (field is null)
            {
                rest[written] = value;
                continue;
            }

            json[field.Name] = value;
            if (value is not null && ShapeValue(json, field, value) is { Count: > 0 } inner)
            {
                rest[written] = inner;
            }
        }

        return rest;
    }

    private static JsonObject? ShapeValue(JsonObject json, FieldDescriptor field, JsonNode value)
    {
        if (field.IsMap)
        {
            if (field.MessageType.FindFieldByName("value") is { FieldType: FieldType.Message, MessageType: var type })
            {
                foreach (var (_, item) in (JsonObject)value)
                {
                    Keep((JsonObject)item!, type);
                }
            }

            return null;
        }

        if (field.FieldType == FieldType.Message && value is JsonArray items)
        {
            foreach (var item in items)
            {
                Keep((JsonObject)item!, field.MessageType);
            }

            return null;
        }

        if (field.FieldType == FieldType.Message && field.MessageType == Duration.Descriptor && value.GetValueKind() == JsonValueKind.Number)
        {
            json[field.Name] = string.Create(CultureInfo.InvariantCulture, $"{value.GetValue<decimal>()}s");
            return null;
        }

        if (field.FieldType == FieldType.Int64 && value.GetValueKind() == JsonValueKind.Number)
        {
            // As text it keeps all its digits.
            json[field.Name] = value.ToJsonString();
            return null;
        }

        if (field.FieldType != FieldType.Message || field.MessageType.File.Package == "google.protobuf")
        {
            return null;
        }

        return Keep((JsonObject)value, field.MessageType);
    }

    // Null = what is left over has a place in the message itself.
    private static JsonObject? Keep(JsonObject json, MessageDescriptor type)
    {
        var rest = Shape(json, type);
        if (rest.Count > 0 && type.FindFieldByName(ExtraFields) is not null)
        {
            json[ExtraFields] = rest;
            return null;
        }

        return rest;
    }
}
