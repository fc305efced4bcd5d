using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Decision.Runtime.Transfer;

/// <summary>The fields of a line. What is missing, of another type or not asked for is a <see cref="FormatException"/> that names the field.</summary>
internal sealed class LineFields
{
    private readonly Dictionary<string, JsonElement> _fields = new(StringComparer.Ordinal);

    public LineFields(JsonElement line)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("is not a JSON object");
        }

        foreach (JsonProperty field in line.EnumerateObject())
        {
            if (!_fields.TryAdd(field.Name, field.Value))
            {
                throw new FormatException($"has the field '{field.Name}' twice");
            }
        }
    }

    public string Text(string name) => OptionalText(name) ?? throw Missing(name);

    public string? OptionalText(string name) => Take(name) switch
    {
        null => null,
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        _ => throw new FormatException($"has a field '{name}' that is not a text"),
    };

    public long Number(string name, long least)
    {
        JsonElement field = Take(name) ?? throw Missing(name);
        return field.ValueKind == JsonValueKind.Number && field.TryGetInt64(out long number) && number >= least
            ? number
            : throw new FormatException($"has a field '{name}' that is not a whole number of {least} or more");
    }

    public string[] Texts(string name)
    {
        JsonElement field = Take(name) ?? throw Missing(name);
        return field.ValueKind == JsonValueKind.Array && field.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String)
            ? [.. field.EnumerateArray().Select(item => item.GetString()!)]
            : throw new FormatException($"has a field '{name}' that is not a list of texts");
    }

    public byte[] Base64(string name)
    {
        JsonElement field = Take(name) ?? throw Missing(name);
        return field.ValueKind == JsonValueKind.String && field.TryGetBytesFromBase64(out byte[]? bytes)
            ? bytes
            : throw new FormatException($"has a field '{name}' that is not base64");
    }

    /// <summary>The position of the word among those that this version knows.</summary>
    public int Word(string name, string[] words)
    {
        string word = Text(name);
        int at = Array.IndexOf(words, word);
        return at >= 0
            ? at
            : throw new FormatException($"has the {name} '{word}', which this version does not know: import it with the version that wrote it, or a newer one");
    }

    /// <summary>An object as its bytes stand in the line, or the bytes of a text.</summary>
    public byte[] Content(string name)
    {
        JsonElement field = Take(name) ?? throw Missing(name);
        return field.ValueKind switch
        {
            JsonValueKind.Object => JsonMarshal.GetRawUtf8Value(field).ToArray(),
            JsonValueKind.String => Encoding.UTF8.GetBytes(field.GetString()!),
            _ => throw new FormatException($"has a field '{name}' that is neither an object nor a text"),
        };
    }

    /// <summary>The fields of an object inside the line.</summary>
    public JsonElement Object(string name)
    {
        JsonElement field = Take(name) ?? throw Missing(name);
        return field.ValueKind == JsonValueKind.Object ? field : throw new FormatException($"has a field '{name}' that is not an object");
    }

    public bool Has(string name) => _fields.ContainsKey(name);

    /// <summary>Refuses what was not asked for: a newer version may mean by it that the rest has to be read in another way.</summary>
    public void End()
    {
        if (_fields.Keys.FirstOrDefault() is { } unknown)
        {
            throw new FormatException(
                $"has the field '{unknown}', which this version does not know: the file was written by a newer version, import it with that one");
        }
    }

    private JsonElement? Take(string name) => _fields.Remove(name, out JsonElement field) ? field : null;

    private static FormatException Missing(string name) => new($"lacks the field '{name}'");
}
