using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf.WellKnownTypes;

namespace Decision.Server.Grpc.Admin;

/// <summary>Free values: <c>google.protobuf.Struct</c> on the wire, JSON in the engine.</summary>
internal static class StructMapping
{
    // Stored JSON is read back to a depth of 64, and the deepest place of a free value is in the limit block of a key's access right.
    private const int DeepestNesting = 48;

    private static readonly ImmutableSortedDictionary<string, JsonElement> None =
        ImmutableSortedDictionary<string, JsonElement>.Empty.WithComparers(StringComparer.Ordinal);

    /// <summary>The members; a value that JSON cannot hold is a finding with its path.</summary>
    public static ImmutableSortedDictionary<string, JsonElement> ToMembers(Struct? value, string path, FieldFindings findings)
    {
        if (value is null || value.Fields.Count == 0)
        {
            return None;
        }

        var members = None.ToBuilder();
        foreach (var (name, member) in value.Fields)
        {
            if (ToElement(member, FieldFindings.Join(path, name), findings) is { } element)
            {
                members[name] = element;
            }
        }

        return members.ToImmutable();
    }

    /// <summary>Null for no members.</summary>
    public static Struct? ToStruct(IReadOnlyCollection<KeyValuePair<string, JsonElement>> members)
    {
        if (members.Count == 0)
        {
            return null;
        }

        var value = new Struct();
        foreach (var (name, member) in members)
        {
            value.Fields[name] = ToValue(member);
        }

        return value;
    }

    public static Value ToValue(JsonElement json)
    {
        switch (json.ValueKind)
        {
            case JsonValueKind.String:
                return Value.ForString(json.GetString()!);
            case JsonValueKind.Number:
                // A number above the greatest double has no place on the wire; the greatest stands for it.
                return Value.ForNumber(Math.Clamp(json.GetDouble(), double.MinValue, double.MaxValue));
            case JsonValueKind.True or JsonValueKind.False:
                return Value.ForBool(json.GetBoolean());
            case JsonValueKind.Array:
                return Value.ForList([.. json.EnumerateArray().Select(ToValue)]);
            case JsonValueKind.Object:
                var members = new Struct();
                foreach (var member in json.EnumerateObject())
                {
                    members.Fields[member.Name] = ToValue(member.Value);
                }

                return Value.ForStruct(members);
            default:
                return Value.ForNull();
        }
    }

    private static JsonElement? ToElement(Value value, string path, FieldFindings findings)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            if (!Write(writer, value, path, 0, findings))
            {
                return null;
            }
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan, new JsonReaderOptions { MaxDepth = DeepestNesting + 2 });
        return JsonElement.ParseValue(ref reader);
    }

    private static bool Write(Utf8JsonWriter writer, Value value, string path, int depth, FieldFindings findings)
    {
        if (depth > DeepestNesting)
        {
            findings.Error(path, $"is nested deeper than {DeepestNesting} levels: flatten it.");
            return false;
        }

        switch (value.KindCase)
        {
            case Value.KindOneofCase.NumberValue when !double.IsFinite(value.NumberValue):
                findings.Error(path, "is not a finite number, which JSON does not have: write a number, or text.");
                return false;
            case Value.KindOneofCase.NumberValue:
                writer.WriteNumberValue(value.NumberValue);
                return true;
            case Value.KindOneofCase.StringValue:
                writer.WriteStringValue(value.StringValue);
                return true;
            case Value.KindOneofCase.BoolValue:
                writer.WriteBooleanValue(value.BoolValue);
                return true;
            case Value.KindOneofCase.ListValue:
                return WriteList(writer, value.ListValue, path, depth, findings);
            case Value.KindOneofCase.StructValue:
                return WriteObject(writer, value.StructValue, path, depth, findings);
            case Value.KindOneofCase.NullValue:
                writer.WriteNullValue();
                return true;
            default:
                findings.Error(path, "holds no value: set one of its kinds, or leave the member out.");
                return false;
        }
    }

    private static bool WriteList(Utf8JsonWriter writer, ListValue list, string path, int depth, FieldFindings findings)
    {
        bool isWritten = true;
        writer.WriteStartArray();
        for (int index = 0; index < list.Values.Count; index++)
        {
            isWritten &= Write(writer, list.Values[index], $"{path}[{index}]", depth + 1, findings);
        }

        writer.WriteEndArray();
        return isWritten;
    }

    private static bool WriteObject(Utf8JsonWriter writer, Struct members, string path, int depth, FieldFindings findings)
    {
        bool isWritten = true;
        writer.WriteStartObject();
        foreach (var (name, member) in members.Fields)
        {
            writer.WritePropertyName(name);
            if (!Write(writer, member, FieldFindings.Join(path, name), depth + 1, findings))
            {
                // The text is thrown away, but a writer wants a value behind each name.
                isWritten = false;
                if (member.KindCase is Value.KindOneofCase.NumberValue or Value.KindOneofCase.None || depth == DeepestNesting)
                {
                    writer.WriteNullValue();
                }
            }
        }

        writer.WriteEndObject();
        return isWritten;
    }
}
