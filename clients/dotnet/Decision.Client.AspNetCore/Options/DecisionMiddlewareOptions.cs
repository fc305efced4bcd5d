namespace Decision.Client.AspNetCore;

/// <summary>
/// Settings of the middleware. They are read from the configuration section <c>Decision:Middleware</c> under the same names, then set by code,
/// and checked when the host starts.
/// </summary>
public sealed class DecisionMiddlewareOptions
{
    /// <summary>The API that requests are for where their endpoint names none: 1 to 128 characters of <c>A-Z a-z 0-9 . _ ~ -</c>.</summary>
    /// <value>Default: null, the service finds it by host and path in its API registry.</value>
    public string? ApiId { get; set; }

    /// <summary>The organisation that every key must belong to; the same characters.</summary>
    /// <value>Default: null, any.</value>
    public string? OrganizationId { get; set; }

    /// <summary>The request headers that may hold the key, separated by commas; the first that is there counts. A leading <c>Bearer </c> is allowed.</summary>
    /// <value>Default: <c>X-Api-Key,Authorization</c>. Empty = no header.</value>
    public string KeyHeader { get; set; } = "X-Api-Key,Authorization";

    /// <summary>The query parameter that holds the key, where no header does.</summary>
    /// <value>Default: null, none.</value>
    public string? KeyQueryParameter { get; set; }

    /// <summary>The cookie that holds the key, where neither header nor query parameter does.</summary>
    /// <value>Default: null, none.</value>
    public string? KeyCookie { get; set; }

    /// <summary>True = the key is taken out of the request before it goes on, so that nothing behind sees it.</summary>
    /// <value>Default: false.</value>
    public bool RemoveCredential { get; set; }

    /// <summary>Which requests are asked about.</summary>
    /// <value>Default: <see cref="DecisionScope.AllRequests"/>.</value>
    public DecisionScope Scope { get; set; }

    internal List<string> ReadingProblems { get; } = [];
}
