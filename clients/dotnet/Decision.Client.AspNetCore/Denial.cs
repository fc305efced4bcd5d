using System.Text.Encodings.Web;

namespace Decision.Client.AspNetCore;

/// <summary>A refusal, as Tyk's users know it: the status, and <c>{"error": "..."}</c>.</summary>
internal static class Denial
{
    public static Task WriteAsync(HttpResponse response, int status, string message)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";

        // It is this key's answer, and only now.
        response.Headers.CacheControl = "no-store";
        return response.WriteAsync($"{{\"error\": \"{JavaScriptEncoder.Default.Encode(message)}\"}}");
    }
}
