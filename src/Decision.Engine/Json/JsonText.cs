using System.Text.Json;

namespace Decision.Engine.Json;

/// <summary>Reads strings, and puts values into sentences.</summary>
internal static class JsonText
{
    private const int LongestQuote = 60;

    /// <summary>The string; null when its escapes are no Unicode text, such as half of a surrogate pair.</summary>
    public static string? Read(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The name; null when its escapes are no Unicode text.</summary>
    public static string? ReadName(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>What came, for a sentence: <c>the string "100"</c>.</summary>
    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => $"the string {Quote(Read(value) ?? "?")}",
        JsonValueKind.Number => $"the number {Shorten(value.GetRawText())}",
        _ => DescribeKind(value),
    };

    /// <summary>What kind of value came, without the value, for fields that hold secrets.</summary>
    public static string DescribeKind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        JsonValueKind.Null => "null",
        JsonValueKind.Array => "an array",
        JsonValueKind.Object => "an object",
        _ => "nothing",
    };

    /// <summary>Text in quotation marks, short enough for a sentence and without control characters.</summary>
    public static string Quote(string text) => $"\"{Shorten(text)}\"";

    /// <summary>Text that is short enough for a sentence and without control characters.</summary>
    public static string Shorten(string text)
    {
        var clean = text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '?' : letter)) : text;
        return clean.Length <= LongestQuote ? clean : string.Concat(clean.AsSpan(0, LongestQuote), "...");
    }
}
