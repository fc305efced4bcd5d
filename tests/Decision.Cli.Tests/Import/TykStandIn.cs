using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Decision.Cli.Tests.Import;

/// <summary>
/// Tyk's REST API as far as an import asks it: <c>/tyk/policies</c>, <c>/tyk/apis</c>, <c>/tyk/keys</c> with one key by its text or, with
/// <c>hashed=1</c>, by its hash, and <c>/tyk/org/keys</c>; in Tyk's shapes, statuses and messages.
/// </summary>
internal sealed class TykStandIn : IAsyncDisposable
{
    public const string Secret = "352d20ee67be67f6340b4c0605b044b7";

    private readonly HttpListener _listener;
    private readonly Task _serving;

    public TykStandIn()
    {
        (_listener, Address) = Listen();
        _serving = Task.Run(ServeAsync);
    }

    public string Address { get; }

    /// <summary>As <c>GET /tyk/policies</c> answers.</summary>
    public string Policies { get; set; } = "[]";

    /// <summary>As <c>GET /tyk/apis</c> answers; null = 404.</summary>
    public string? Apis { get; set; } = "[]";

    /// <summary>Sessions by text, or by hash.</summary>
    public Dictionary<string, string> Keys { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether keys are known by their hashes (<c>hash_keys</c>).</summary>
    public bool IsHashed { get; init; }

    /// <summary>Whether hashes are listed (<c>enable_hashed_keys_listing</c>).</summary>
    public bool ListsHashes { get; init; } = true;

    /// <summary>Organisations with sessions.</summary>
    public List<string> Organizations { get; } = [];

    /// <summary>Every path that was asked for.</summary>
    public List<string> Asked { get; } = [];

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private static (HttpListener Listener, string Address) Listen()
    {
        while (true)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            string address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            probe.Stop();
            var listener = new HttpListener { Prefixes = { address + "/" } };
            try
            {
                listener.Start();
                return (listener, address);
            }
            catch (HttpListenerException)
            {
                // Another process was faster: take another port.
                listener.Close();
            }
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            try
            {
                Answer(await _listener.GetContextAsync());
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private void Answer(HttpListenerContext context)
    {
        var request = context.Request;
        Asked.Add(request.RawUrl!);
        var (status, body) = request.Headers["x-tyk-authorization"] == Secret
            ? Route(request.HttpMethod, request.Url!)
            : (403, Error("Attempted administrative access with invalid or missing key!"));
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.OutputStream.Write(bytes);
        context.Response.Close();
    }

    private (int Status, string Body) Route(string method, Uri url)
    {
        string path = url.AbsolutePath.TrimEnd('/');
        bool asksByHash = url.Query.Contains("hashed=1", StringComparison.Ordinal);
        return (method, path) switch
        {
            ("GET", "/tyk/policies") => (200, Policies),
            ("GET", "/tyk/apis") => Apis is null ? (404, Error("Not found")) : (200, Apis),
            ("GET", "/tyk/org/keys") => (200, new JsonObject { ["keys"] = List(Organizations) }.ToJsonString()),
            ("GET", "/tyk/keys") when IsHashed && !ListsHashes => (404, Error("Hashed key listing is disabled in config (enable_hashed_keys_listing)")),
            ("GET", "/tyk/keys") => (200, new JsonObject { ["keys"] = List(Keys.Keys) }.ToJsonString()),
            ("GET", _) when path.StartsWith("/tyk/keys/", StringComparison.Ordinal) => Key(Uri.UnescapeDataString(path["/tyk/keys/".Length..]), asksByHash),
            _ => (405, Error("Method not supported")),
        };
    }

    private (int Status, string Body) Key(string name, bool asksByHash) =>
        asksByHash && !IsHashed ? (400, Error("Key requested by hash but key hashing is not enabled"))
        : asksByHash == IsHashed && Keys.TryGetValue(name, out string? session) ? (200, session)
        : (404, Error("Key not found"));

    private static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);

    private static string Error(string message) => JsonSerializer.Serialize(new { status = "error", message });
}
