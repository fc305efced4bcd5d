using Decision.Contracts.V1;

namespace Decision.Client.Mapping;

/// <summary>From the caller's request to the wire's.</summary>
internal static class RequestMapping
{
    public static AuthorizeRequest ToWire(AuthorizationRequest request)
    {
        var wire = new AuthorizeRequest
        {
            ApiKey = request.ApiKey,
            ApiId = request.ApiId,
            ApiVersion = request.ApiVersion,
            Method = request.Method,
            Path = request.Path,
            Host = request.Host,
            Cost = request.Cost,
            ClientIp = request.ClientIp,
            RequestId = request.RequestId,
            OrganizationId = request.OrganizationId,
            Peek = request.Peek,
            IdempotencyKey = request.IdempotencyKey,
        };
        if (request.QueryDepth is { } depth)
        {
            wire.QueryDepth = depth;
        }

        foreach (var header in request.Headers)
        {
            wire.Headers.Add(new Header { Name = header.Name, Value = header.Value });
        }

        return wire;
    }
}
