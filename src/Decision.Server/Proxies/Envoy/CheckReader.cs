using Decision.Server.Proxies.Envoy.Wire;

namespace Decision.Server.Proxies.Envoy;

/// <summary>From Envoy's question to the request that it is about.</summary>
internal static class CheckReader
{
    /// <summary>Reads it; answers why it cannot be read, null = it could.</summary>
    public static string? Read(ReadCheckRequest check, out ProxiedRequest request, out RouteSettings settings)
    {
        request = default;
        settings = default;
        if (check.Problem is not null)
        {
            return check.Problem;
        }

        if (!check.HasHttp)
        {
            return "attributes.request.http is absent: send the HTTP request to decide.";
        }

        if (RouteSettings.Read(check.ContextExtensions, out settings) is { } problem)
        {
            return problem;
        }

        if (check.Path.Length == 0)
        {
            return "attributes.request.http.path is empty: send the request target.";
        }

        var headers = check.Headers;
        request = new ProxiedRequest
        {
            ApiId = settings.ApiId,
            ApiVersion = settings.ApiVersion,
            OrganizationId = settings.OrganizationId,
            Method = check.Method,
            Path = check.Path,
            Host = check.Host,
            Cost = settings.Cost,

            // Of a list the last entry counts: the proxy next to us wrote it. What stands before, the client may have.
            ClientIp = settings.ClientIpHeader.Length > 0
                ? ClientAddress.LastOf(headers.All(settings.ClientIpHeader))
                : check.SourceAddress,
            RequestId = check.Id.Length <= LongestRequestId ? check.Id : "",
            IsAccessOnly = settings.IsAccessOnly,
            Headers = headers,
        };
        return null;
    }

    // It only names the request in logs; a client can send a long one, which is no reason to refuse.
    private const int LongestRequestId = 256;
}
