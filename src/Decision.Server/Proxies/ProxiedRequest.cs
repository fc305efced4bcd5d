namespace Decision.Server.Proxies;

/// <summary>A client's request as a proxy tells it, whichever protocol the proxy speaks.</summary>
internal readonly record struct ProxiedRequest
{
    /// <summary>The API; empty = the registry finds it by <see cref="Host"/> and <see cref="Path"/>.</summary>
    public string ApiId { get; init; }

    public required string Method { get; init; }

    /// <summary>Path and query as received.</summary>
    public required string Path { get; init; }

    public required string Host { get; init; }

    /// <summary>The organisation that the key must belong to; empty = any.</summary>
    public string OrganizationId { get; init; }

    /// <summary>Empty = the API's default.</summary>
    public string ApiVersion { get; init; }

    /// <summary>Units to spend; 0 = 1.</summary>
    public long Cost { get; init; }

    /// <summary>The client's address; empty = not known.</summary>
    public string ClientIp { get; init; }

    /// <summary>The proxy's name for the request; empty = none.</summary>
    public string RequestId { get; init; }

    /// <summary>Key and rights alone are looked at, no limit.</summary>
    public bool IsAccessOnly { get; init; }

    public required IProxiedHeaders Headers { get; init; }
}
