using System.Text.Json;

namespace Decision.Cli.Import.Reading;

/// <summary>Reads fields of definitions, which are absent as often as not.</summary>
internal static class DefinitionJson
{
    /// <summary>The value at a path; null = absent, or of no object.</summary>
    public static JsonElement? At(this JsonElement json, params ReadOnlySpan<string> path)
    {
        var at = json;
        foreach (string name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out var inner))
            {
                return null;
            }

            at = inner;
        }

        return at.ValueKind == JsonValueKind.Null ? null : at;
    }

    /// <summary>A text; empty = absent.</summary>
    public static string TextAt(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    /// <summary>Whether it is true.</summary>
    public static bool FlagAt(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path) is { ValueKind: JsonValueKind.True };

    /// <summary>A number; 0 = absent.</summary>
    public static double NumberAt(this JsonElement json, params ReadOnlySpan<string> path) =>
        json.At(path) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : 0;

    /// <summary>Whether there is a list or object with something in it.</summary>
    public static bool HasAt(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path) switch
    {
        { ValueKind: JsonValueKind.Array } list => list.GetArrayLength() > 0,
        { ValueKind: JsonValueKind.Object } map => map.EnumerateObject().Any(),
        _ => false,
    };
}
