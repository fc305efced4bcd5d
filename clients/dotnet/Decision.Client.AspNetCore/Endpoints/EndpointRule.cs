namespace Decision.Client.AspNetCore.Endpoints;

/// <summary>What an endpoint says about being asked about.</summary>
/// <param name="IsAsked">False = the request passes unasked.</param>
/// <param name="ApiId">The API; empty = found by host and path.</param>
/// <param name="ApiVersion">Empty = the API's default.</param>
/// <param name="Cost">Units; 0 = 1.</param>
internal readonly record struct EndpointRule(bool IsAsked, string ApiId, string ApiVersion, long Cost)
{
    public static EndpointRule Of(Endpoint? endpoint, DecisionMiddlewareOptions options)
    {
        bool isAsked = options.Scope == DecisionScope.AllRequests;
        RequireDecisionAttribute? required = null;
        if (endpoint is not null)
        {
            // The nearest to the endpoint is the last.
            for (int index = endpoint.Metadata.Count - 1; index >= 0; index--)
            {
                if (endpoint.Metadata[index] is SkipDecisionAttribute)
                {
                    return new EndpointRule(false, "", "", 0);
                }

                if (endpoint.Metadata[index] is RequireDecisionAttribute found)
                {
                    (required, isAsked) = (found, true);
                    break;
                }
            }
        }

        return new EndpointRule(
            isAsked,
            required?.ApiId ?? options.ApiId ?? "",
            required?.ApiVersion ?? "",
            endpoint?.Metadata.GetMetadata<DecisionCostAttribute>()?.Cost ?? 0);
    }
}
