using System.Collections.Frozen;
using Decision.Engine.Signatures;

namespace Decision.Engine;

/// <summary>What a caller asks: may this key make this call now? The key's text is not part of it; it was looked up before.</summary>
public readonly record struct AccessRequest
{
    /// <summary>A request for an API by its id, or (with an empty id) by host and path.</summary>
    public AccessRequest(string apiId, string method, string path)
    {
        ApiId = apiId;
        Method = method;
        Path = path;
    }

    /// <summary>The API; empty = the registry finds it by <see cref="Host"/> and <see cref="Path"/>.</summary>
    public string ApiId { get; init; }

    /// <summary>The method, in any case.</summary>
    public string Method { get; init; }

    /// <summary>Path and query as received; empty = <c>/</c>.</summary>
    public string Path { get; init; }

    /// <summary>Host, for the registry; null = not stated.</summary>
    public string? Host { get; init; }

    /// <summary>The API's version; null or empty = its default.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Units to spend; 0 = 1.</summary>
    public long Cost { get; init; }

    /// <summary>Depth of a GraphQL query; 0 = not stated.</summary>
    public int QueryDepth { get; init; }

    /// <summary>The client's address; null or empty = not stated, and so in no list.</summary>
    public string? ClientIp { get; init; }

    /// <summary>The organisation that the key must belong to; null = not stated.</summary>
    public string? OrganizationId { get; init; }

    /// <summary>The organisations that the caller may ask for; keys and APIs of others do not exist for it. Null = all.</summary>
    public FrozenSet<string>? OrganizationScope { get; init; }

    /// <summary>The <c>Signature ...</c> text, where it was presented in the key's place; null = it is among the headers.</summary>
    public string? Authorization { get; init; }

    /// <summary>Headers, for signatures; null = none.</summary>
    public IReadOnlyList<SignedHeader>? Headers { get; init; }

    /// <summary>Units to spend, at least 1.</summary>
    public long Units => Cost > 0 ? Cost : 1;

    /// <summary>Whether the caller may ask for an organisation.</summary>
    internal bool MayAskFor(string organizationId) => OrganizationScope is null || OrganizationScope.Contains(organizationId);
}
