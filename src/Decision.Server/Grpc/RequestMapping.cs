using System.Collections.Frozen;
using Decision.Contracts.V1;
using Decision.Engine;
using Decision.Engine.Signatures;
using Decision.Runtime.Decisions;

namespace Decision.Server.Grpc;

/// <summary>From the wire's request to the runtime's.</summary>
internal static class RequestMapping
{
    /// <summary>Maps.</summary>
    /// <param name="request">The wire's request.</param>
    /// <param name="organizations">The organisations that the caller may ask for; null = all.</param>
    public static DecisionCall ToCall(AuthorizeRequest request, FrozenSet<string>? organizations) => new()
    {
        Request = new AccessRequest(request.ApiId, request.Method, request.Path)
        {
            Host = NullIfEmpty(request.Host),
            ApiVersion = NullIfEmpty(request.ApiVersion),
            Cost = request.Cost,
            QueryDepth = request.QueryDepth,
            ClientIp = NullIfEmpty(request.ClientIp),
            OrganizationId = NullIfEmpty(request.OrganizationId),
            OrganizationScope = organizations,
            Headers = request.Headers.Count == 0 ? null : HeadersOf(request),
        },
        ApiKey = request.ApiKey,
        IsPeek = request.Peek,
        IdempotencyKey = NullIfEmpty(request.IdempotencyKey),
    };

    private static SignedHeader[] HeadersOf(AuthorizeRequest request)
    {
        var headers = new SignedHeader[request.Headers.Count];
        for (int index = 0; index < headers.Length; index++)
        {
            headers[index] = new SignedHeader(request.Headers[index].Name, request.Headers[index].Value);
        }

        return headers;
    }

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
