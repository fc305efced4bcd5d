using Envoy.Service.Auth.V3;

namespace Decision.Server.Proxies.Envoy;

/// <summary>From Envoy's question to the request that it is about.</summary>
internal static class CheckReader
{
    /// <summary>Reads it; answers why it cannot be read, null = it could.</summary>
    public static string? Read(CheckRequest check, out ProxiedRequest request, out RouteSettings settings)
    {
        request = default;
        settings = default;
        if (check.Attributes?.Request?.Http is not { } http)
        {
            return "attributes.request.http is absent: send the HTTP request to decide.";
        }

        if (RouteSettings.Read(check.Attributes.ContextExtensions, out settings) is { } problem)
        {
            return problem;
        }

        if (http.Path.Length == 0)
        {
            return "attributes.request.http.path is empty: send the request target.";
        }

        var headers = new EnvoyHeaders(http);
        request = new ProxiedRequest
        {
            ApiId = settings.ApiId,
            ApiVersion = settings.ApiVersion,
            OrganizationId = settings.OrganizationId,
            Method = http.Method,
            Path = http.Path,
            Host = http.Host,
            Cost = settings.Cost,
            ClientIp = ClientIpOf(check.Attributes, settings.ClientIpHeader, headers),
            RequestId = http.Id.Length <= LongestRequestId ? http.Id : "",
            IsAccessOnly = settings.IsAccessOnly,
            Headers = headers,
        };
        return null;
    }

    // It only names the request in logs; a client can send a long one, which is no reason to refuse.
    private const int LongestRequestId = 256;

    // Of a list the last entry counts: the proxy next to us wrote it. What stands before, the client may have.
    private static string ClientIpOf(AttributeContext attributes, string header, EnvoyHeaders headers) => header.Length > 0
        ? ClientAddress.LastOf(headers.All(header))
        : attributes.Source?.Address?.SocketAddress?.Address ?? "";
}
