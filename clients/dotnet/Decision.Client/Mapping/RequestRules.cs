using System.Globalization;

namespace Decision.Client.Mapping;

/// <summary>
/// What no service is needed to see. It is refused here, so that a mistake is told also while the service is away, and cannot pass by
/// <see cref="FailureMode.Open"/>. The service checks everything else.
/// </summary>
internal static class RequestRules
{
    public const int MaximumBatch = 1000;

    public static void Require(AuthorizationRequest request)
    {
        if (!IsSound(request))
        {
            var violations = new List<FieldViolation>();
            Check(request, "", violations);
            throw new DecisionRequestException(violations);
        }
    }

    public static void Require(IReadOnlyList<AuthorizationRequest> requests)
    {
        var violations = new List<FieldViolation>();
        if (requests.Count is 0 or > MaximumBatch)
        {
            violations.Add(new FieldViolation("requests", string.Create(
                CultureInfo.InvariantCulture, $"has {requests.Count} requests: send 1 to {MaximumBatch} in one call.")));
        }

        for (int index = 0; index < Math.Min(requests.Count, MaximumBatch); index++)
        {
            if (!IsSound(requests[index]))
            {
                Check(requests[index], string.Create(CultureInfo.InvariantCulture, $"requests[{index}]."), violations);
            }
        }

        if (violations.Count > 0)
        {
            throw new DecisionRequestException(violations);
        }
    }

    private static bool IsSound(AuthorizationRequest request) =>
        request.Method.Length > 0
        && (request.ApiId.Length > 0 || request.Host.Length > 0)
        && request is { Cost: >= 0, QueryDepth: null or >= 0 }
        && IsText(request.ApiKey) && IsText(request.ApiId) && IsText(request.ApiVersion) && IsText(request.Method) && IsText(request.Path)
        && IsText(request.Host) && IsText(request.ClientIp) && IsText(request.RequestId) && IsText(request.OrganizationId)
        && IsText(request.IdempotencyKey)
        && AreText(request.Headers);

    private static void Check(AuthorizationRequest request, string prefix, List<FieldViolation> violations)
    {
        if (request.Method.Length == 0)
        {
            Add("method", "is empty: send the request's HTTP method, such as GET.");
        }

        if (request.ApiId.Length == 0 && request.Host.Length == 0)
        {
            Add("api_id", "is empty, and so is host: send api_id, or host with path for the API registry.");
        }

        if (request.Cost < 0)
        {
            Add("cost", string.Create(CultureInfo.InvariantCulture, $"is {request.Cost}: send 0 (which counts 1) or more."));
        }

        if (request.QueryDepth is < 0)
        {
            Add("query_depth", string.Create(CultureInfo.InvariantCulture, $"is {request.QueryDepth}: send 0 or more, or leave it out."));
        }

        foreach (var (field, text) in Texts(request))
        {
            if (!IsText(text))
            {
                Add(field, "has half a surrogate pair, which no UTF-8 can hold: send whole characters.");
            }
        }

        void Add(string field, string description) => violations.Add(new FieldViolation(prefix + field, description));
    }

    private static IEnumerable<(string Field, string Text)> Texts(AuthorizationRequest request) =>
    [
        ("api_key", request.ApiKey), ("api_id", request.ApiId), ("api_version", request.ApiVersion), ("method", request.Method),
        ("path", request.Path), ("host", request.Host), ("client_ip", request.ClientIp), ("request_id", request.RequestId),
        ("organization_id", request.OrganizationId), ("idempotency_key", request.IdempotencyKey),
        .. request.Headers.Select(header => ("headers", header.Name + header.Value)),
    ];

    private static bool AreText(IReadOnlyList<RequestHeader> headers)
    {
        for (int index = 0; index < headers.Count; index++)
        {
            if (!IsText(headers[index].Name) || !IsText(headers[index].Value))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsText(string text)
    {
        // Vectorised, and nearly always the end of it.
        if (!text.AsSpan().ContainsAnyInRange('\ud800', '\udfff'))
        {
            return true;
        }

        for (int index = 0; index < text.Length; index++)
        {
            if (char.IsSurrogate(text[index]))
            {
                if (!char.IsHighSurrogate(text[index]) || index + 1 == text.Length || !char.IsLowSurrogate(text[index + 1]))
                {
                    return false;
                }

                index++;
            }
        }

        return true;
    }
}
