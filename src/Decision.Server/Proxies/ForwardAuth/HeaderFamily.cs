using System.Text;

namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>Headers that together tell a client's request.</summary>
internal sealed record HeaderFamily(string Method, string Uri, string Host)
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>What Caddy and Traefik send.</summary>
    public static HeaderFamily Forwarded { get; } = new("X-Forwarded-Method", "X-Forwarded-Uri", "X-Forwarded-Host");

    /// <summary>What nginx is set up to send.</summary>
    public static HeaderFamily Original { get; } = new("X-Original-Method", "X-Original-URI", "X-Original-Host");

    /// <summary>Whether a header is one that holds a request target: its bytes need not be UTF-8, so it is read as Latin-1 first.</summary>
    public static bool IsTarget(string name) =>
        name.Equals(Forwarded.Uri, StringComparison.OrdinalIgnoreCase) || name.Equals(Original.Uri, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the request is told by these headers. A host alone tells none.</summary>
    public bool IsIn(IHeaderDictionary headers) => headers.ContainsKey(Method) || headers.ContainsKey(Uri);

    /// <summary>Reads what they tell; answers what is wrong, null = nothing.</summary>
    /// <param name="headers">The headers.</param>
    /// <param name="told">What they tell; <see cref="ToldRequest.Host"/> is empty where none is sent.</param>
    public string? Read(IHeaderDictionary headers, out ToldRequest told)
    {
        told = default;
        string? ofMethod = One(headers, Method, isNeeded: true, out string method);
        string? ofUri = One(headers, Uri, isNeeded: true, out string uri);
        string? ofHost = One(headers, Host, isNeeded: false, out string host);
        if ((ofMethod ?? ofUri ?? ofHost) is { } problem)
        {
            return problem;
        }

        string? target = Decode(uri);
        if (target is null)
        {
            return $"{Uri} is not UTF-8: a request target is ASCII, with other characters escaped.";
        }

        if (!target.StartsWith('/'))
        {
            return $"{Uri} does not begin with '/': send the request target, path and query, as the client sent it.";
        }

        told = new ToldRequest(method, target, host);
        return null;
    }

    private string? One(IHeaderDictionary headers, string name, bool isNeeded, out string value)
    {
        var values = headers[name];
        value = values.Count == 1 ? values[0] ?? "" : "";
        return values.Count > 1 ? $"{name} was sent {values.Count} times: send it once."
            : value.Length == 0 && isNeeded ? $"{name} is missing: send {Method} and {Uri}, both."
            : name == Host && value.Contains(',', StringComparison.Ordinal) ? $"{name} names several hosts: let the proxy set it, not add to it."
            : null;
    }

    private static string? Decode(string latin)
    {
        if (Ascii.IsValid(latin))
        {
            return latin;
        }

        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(latin));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
