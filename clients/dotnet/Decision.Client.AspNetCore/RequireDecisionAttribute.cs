namespace Decision.Client.AspNetCore;

/// <summary>Requests for this endpoint are asked about, as requests for one API. On an endpoint the nearest of this and <see cref="SkipDecisionAttribute"/> counts.</summary>
/// <param name="apiId">The API; null = <see cref="DecisionMiddlewareOptions.ApiId"/>, else found by host and path.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequireDecisionAttribute(string? apiId = null) : Attribute
{
    /// <summary>The API; null = <see cref="DecisionMiddlewareOptions.ApiId"/>, else found by host and path.</summary>
    public string? ApiId { get; } = apiId;

    /// <summary>The version of the API.</summary>
    /// <value>Default: null, the API's default version.</value>
    public string? ApiVersion { get; set; }
}
