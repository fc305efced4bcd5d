using System.Text.Encodings.Web;

namespace Decision.Server.Proxies.Headers;

/// <summary>The body of a refusal, as Tyk's users know it.</summary>
internal static class DenialBody
{
    public const string ContentType = "application/json";

    /// <summary><c>{"error": "..."}</c>.</summary>
    public static string Of(string message) => $"{{\"error\": \"{JavaScriptEncoder.Default.Encode(message)}\"}}";
}
