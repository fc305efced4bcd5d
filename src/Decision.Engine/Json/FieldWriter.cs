using System.Collections.Immutable;
using System.Text.Json;

namespace Decision.Engine.Json;

/// <summary>Writes fields, leaving out what is not set.</summary>
internal static class FieldWriter
{
    public static void Text(this Utf8JsonWriter writer, string name, string value)
    {
        if (value.Length > 0)
        {
            writer.WriteString(name, value);
        }
    }

    public static void Number(this Utf8JsonWriter writer, string name, double value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }

    public static void Integer(this Utf8JsonWriter writer, string name, long value)
    {
        if (value != 0)
        {
            writer.WriteNumber(name, value);
        }
    }

    public static void Flag(this Utf8JsonWriter writer, string name, bool value)
    {
        if (value)
        {
            writer.WriteBoolean(name, true);
        }
    }

    public static void Texts(this Utf8JsonWriter writer, string name, ImmutableArray<string> values)
    {
        if (values.IsDefaultOrEmpty)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStringValue(value);
        }

        writer.WriteEndArray();
    }

    public static void Objects<T>(this Utf8JsonWriter writer, string name, ImmutableArray<T> values, Action<Utf8JsonWriter, T> writeFields)
    {
        if (values.IsDefaultOrEmpty)
        {
            return;
        }

        writer.WriteStartArray(name);
        foreach (var value in values)
        {
            writer.WriteStartObject();
            writeFields(writer, value);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    public static void Members(this Utf8JsonWriter writer, string name, ImmutableSortedDictionary<string, JsonElement> members)
    {
        if (members.IsEmpty)
        {
            return;
        }

        writer.WriteStartObject(name);
        foreach (var (member, value) in members)
        {
            Extra(writer, member, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>The fields that were not read, last. A name that is written by itself is never written twice.</summary>
    public static void Extra(this Utf8JsonWriter writer, ImmutableSortedDictionary<string, JsonElement> extra, FieldNames names)
    {
        foreach (var (name, value) in extra)
        {
            if (names.Find(name) is null or { Use: FieldUse.Kept })
            {
                Extra(writer, name, value);
            }
        }
    }

    /// <summary>What an inner object had beside its fields, which the outer record keeps under the object's name.</summary>
    public static ImmutableSortedDictionary<string, JsonElement> RestOf(
        this ImmutableSortedDictionary<string, JsonElement> extra, string name)
    {
        if (!extra.TryGetValue(name, out var rest) || rest.ValueKind != JsonValueKind.Object)
        {
            return FreeValue.Empty;
        }

        var members = FreeValue.Empty.ToBuilder();
        foreach (var property in rest.EnumerateObject())
        {
            members[property.Name] = property.Value;
        }

        return members.ToImmutable();
    }

    private static void Extra(Utf8JsonWriter writer, string name, JsonElement value)
    {
        // An element that was never given a value has nothing to write.
        if (value.ValueKind != JsonValueKind.Undefined)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }
    }
}
