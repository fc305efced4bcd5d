using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Decision.Engine.Json;

/// <summary>Turns members into one JSON object.</summary>
internal static class ElementMap
{
    public static JsonElement ToElement(ImmutableSortedDictionary<string, JsonElement> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
