using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Decision.Server.Tests.TykApi;

/// <summary>Calls of Tyk's API with the credential.</summary>
internal static class TykClient
{
    /// <summary>Calls; gives status and body.</summary>
    public static async Task<(int Status, string Body)> CallAsync(this RunningServer server, string method, string target, string? body = null)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(method),
            new Uri($"http://{server.Listeners.Http}{target}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.Add(target.StartsWith("/api", StringComparison.Ordinal) ? "authorization" : "x-tyk-authorization", RunningServer.Secret);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        using var response = await server.Http.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Calls what must be answered 200; gives the body.</summary>
    public static async Task<JsonNode> DoAsync(this RunningServer server, string method, string target, string? body = null)
    {
        var (status, text) = await server.CallAsync(method, target, body);
        Assert.True(status == 200, $"{method} {target}: {status} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>The message of a refusal.</summary>
    public static string MessageOf(string body) => (string)JsonNode.Parse(body)!["message"]!;

    public static string Text(this JsonNode node, string name) => (string)node[name]!;
}
