namespace Decision.Client;

/// <summary>One request as a proxy or an application received it.</summary>
public sealed record AuthorizationRequest
{
    /// <summary>The key as it was presented; a leading <c>Bearer </c> is allowed.</summary>
    /// <value>Default: empty, none was presented; refused with <see cref="Reason.KeyMissing"/> unless the path is public.</value>
    public string ApiKey { get; init; } = "";

    /// <summary>The API that the request is for: 1 to 128 characters of <c>A-Z a-z 0-9 . _ ~ -</c>.</summary>
    /// <value>Default: empty, the service finds it by <see cref="Host"/> and <see cref="Path"/>.</value>
    public string ApiId { get; init; } = "";

    /// <summary>The version of the API that was asked for, 256 characters at most.</summary>
    /// <value>Default: empty, the API's default version.</value>
    public string ApiVersion { get; init; } = "";

    /// <summary>The HTTP method, in any case.</summary>
    public required string Method { get; init; }

    /// <summary>The path as the client sent it, still percent-encoded. A query string decides nothing: leave it out, but for a key that signs it.</summary>
    /// <value>Default: empty, which is <c>/</c>.</value>
    public string Path { get; init; } = "";

    /// <summary>The host that the client asked for, with or without a port. Required where <see cref="ApiId"/> is empty.</summary>
    /// <value>Default: empty.</value>
    public string Host { get; init; } = "";

    /// <summary>What the request counts for on every limit, in units.</summary>
    /// <value>Default: 0, which counts 1.</value>
    public long Cost { get; init; }

    /// <summary>The client's address, IPv4 or IPv6, as far as it can be trusted.</summary>
    /// <value>Default: empty, not known; a key that is bound to addresses is refused then.</value>
    public string ClientIp { get; init; } = "";

    /// <summary>The caller's own name for the request, for logs and traces; 256 characters at most. Never changes a verdict.</summary>
    /// <value>Default: empty.</value>
    public string RequestId { get; init; } = "";

    /// <summary>The headers that a signature needs: <c>Authorization</c>, <c>Date</c> and each that was signed.</summary>
    /// <value>Default: none, which suffices for keys that need not sign.</value>
    public IReadOnlyList<RequestHeader> Headers { get; init; } = [];

    /// <summary>The depth of a GraphQL query, in levels.</summary>
    /// <value>Default: null, not known; then it is not checked.</value>
    public int? QueryDepth { get; init; }

    /// <summary>The organisation that the key must belong to.</summary>
    /// <value>Default: empty, any.</value>
    public string OrganizationId { get; init; } = "";

    /// <summary>True = decide and tell what is left, but spend nothing. Such a request is never answered from memory.</summary>
    /// <value>Default: false.</value>
    public bool Peek { get; init; }

    /// <summary>
    /// Makes asking again safe: the same value for the same key and request within 60 s gives the first verdict again and spends nothing
    /// more. Never take it from the client's request. Such a request is never answered from memory.
    /// </summary>
    /// <value>Default: empty, each call is decided anew.</value>
    public string IdempotencyKey { get; init; } = "";

    /// <summary>Method, path and API; never the key, and no query, which may hold one.</summary>
    public override string ToString()
    {
        int query = Path.IndexOf('?', StringComparison.Ordinal);
        return $"{Method} {(query < 0 ? Path : Path[..query])} of {(ApiId.Length > 0 ? ApiId : Host)}";
    }
}
