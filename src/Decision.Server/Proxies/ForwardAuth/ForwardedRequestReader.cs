namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>From a proxy's subrequest to the client's request. What could be read in two ways is refused.</summary>
internal sealed class ForwardedRequestReader(ForwardAuthSettings settings)
{
    /// <summary>Reads it; answers why it cannot be read, null = it could.</summary>
    public string? Read(HttpRequest http, string apiId, in RouteParameters parameters, out ProxiedRequest request)
    {
        request = default;
        if (ProblemOf(http, out var told, out bool isOriginal) is { } problem)
        {
            return problem;
        }

        // nginx names the host in Host; who sends X-Forwarded-* leaves there what it likes.
        string host = told.Host.Length > 0 ? told.Host : isOriginal ? http.Host.Value ?? "" : "";
        if (apiId.Length == 0 && host.Length == 0)
        {
            return $"{HeaderFamily.Forwarded.Host} is missing: send it, or name the API in the address, as in /forward-auth/orders.";
        }

        request = new ProxiedRequest
        {
            ApiId = apiId,
            Method = told.Method,
            Path = told.Target,
            Host = host,
            Cost = parameters.Cost,
            ClientIp = ClientAddress.LastOf(http.Headers["X-Forwarded-For"].Select(value => value ?? "")),
            Headers = new HttpHeaders(http.Headers),
        };
        return null;
    }

    private string? ProblemOf(HttpRequest http, out ToldRequest told, out bool isOriginal)
    {
        var headers = http.Headers;
        bool isForwarded = settings.Headers != ForwardedHeaders.Original && HeaderFamily.Forwarded.IsIn(headers);
        isOriginal = settings.Headers != ForwardedHeaders.Forwarded && HeaderFamily.Original.IsIn(headers);
        if (isForwarded && isOriginal)
        {
            isOriginal = false;
            return ProblemOfBoth(headers, out told);
        }

        if (isForwarded || isOriginal)
        {
            return (isOriginal ? HeaderFamily.Original : HeaderFamily.Forwarded).Read(headers, out told);
        }

        told = default;
        var (forwarded, original) = (HeaderFamily.Forwarded, HeaderFamily.Original);
        return settings.Headers switch
        {
            ForwardedHeaders.Forwarded => $"{forwarded.Method} is missing: send {forwarded.Method} and {forwarded.Uri}.",
            ForwardedHeaders.Original => $"{original.Method} is missing: send {original.Method} and {original.Uri}.",
            _ => $"Nothing tells the client's request: send {forwarded.Method} and {forwarded.Uri}, or {original.Method} and {original.Uri}.",
        };
    }

    private static string? ProblemOfBoth(IHeaderDictionary headers, out ToldRequest told)
    {
        string? ofForwarded = HeaderFamily.Forwarded.Read(headers, out told);
        string? ofOriginal = HeaderFamily.Original.Read(headers, out var other);
        if ((ofForwarded ?? ofOriginal) is { } problem)
        {
            return problem;
        }

        bool isSame = told.Method == other.Method && told.Target == other.Target
            && (told.Host.Length == 0 || other.Host.Length == 0 || told.Host == other.Host);
        told = told with { Host = told.Host.Length > 0 ? told.Host : other.Host };
        return isSame ? null
            : "X-Forwarded-* and X-Original-* tell different requests: let the proxy remove the ones that it does not set, "
                + "or set ForwardAuth:Headers to forwarded or original.";
    }
}
