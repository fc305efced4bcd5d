using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decision.Cli.Results;

/// <summary>JSON as it is written to a terminal or file: indented, letters of all alphabets as they are.</summary>
internal static class JsonText
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(JsonNode node) => node.ToJsonString(Indented);

    /// <summary>For JSON Lines.</summary>
    public static string WriteLine(JsonNode node) => node.ToJsonString(OneLine);
}
