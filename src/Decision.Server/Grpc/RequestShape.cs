using System.Buffers;
using System.Globalization;
using Decision.Contracts.V1;
using Decision.Engine.Credentials;

namespace Decision.Server.Grpc;

/// <summary>
/// Whether a call can be read at all. What is well-formed but not granted is a verdict, not an error: a key of any length, a path that
/// proxies could read differently.
/// </summary>
internal static class RequestShape
{
    public const int MaximumBatch = 1000;

    private const int MaximumMethod = 32;
    private const int MaximumId = 128;
    private const int MaximumText = 256;
    private const int MaximumHeaders = 100;
    private const int MaximumHeaderCharacters = 64 * 1024;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._~-");

    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> LineCharacters = SearchValues.Create("\r\n\0");

    /// <summary>INVALID_ARGUMENT with everything that is malformed.</summary>
    public static void Require(AuthorizeRequest request)
    {
        var violations = default(Violations);
        Check(request, "", ref violations);
        violations.Throw();
    }

    /// <summary>What is malformed first, for callers that do not speak gRPC; null = nothing is.</summary>
    public static string? Problem(AuthorizeRequest request)
    {
        var violations = default(Violations);
        Check(request, "", ref violations);
        return violations.HasAny ? violations.Summary : null;
    }

    /// <summary>The same for a request inside another message, which may be absent.</summary>
    public static void RequireInner(AuthorizeRequest? request)
    {
        var violations = default(Violations);
        CheckInner(request, ref violations);
        violations.Throw();
    }

    /// <summary>The same for a request to explain, whose key may be named by its id.</summary>
    public static void Require(ExplainRequest asked)
    {
        var violations = default(Violations);
        CheckInner(asked.Request, ref violations);
        if (asked.KeyId.Length > 0 && asked.Request is { ApiKey.Length: > 0 })
        {
            violations.Add("key_id", "is set, and so is request.api_key: send the key by its id or by its text.");
        }

        // Not quoted: what stands there may be a key.
        if (asked.KeyId.Length > 0 && !KeyToken.IsId(asked.KeyId))
        {
            violations.Add("key_id", "is no key's id, which has 16 letters and digits: send the text of a key in request.api_key.");
        }

        violations.Throw();
    }

    /// <summary>The same for a batch; a violation names the position.</summary>
    public static void Require(AuthorizeBatchRequest batch)
    {
        var violations = default(Violations);
        if (batch.Requests.Count is 0 or > MaximumBatch)
        {
            violations.Add("requests", batch.Requests.Count == 0
                ? "is empty: send 1 to 1,000 requests."
                : string.Create(CultureInfo.InvariantCulture, $"has {batch.Requests.Count} requests: send 1,000 at most in one call."));
            violations.Throw();
        }

        for (int index = 0; index < batch.Requests.Count; index++)
        {
            Check(batch.Requests[index], "", ref violations, index);
        }

        violations.Throw();
    }

    private static void CheckInner(AuthorizeRequest? request, ref Violations violations)
    {
        if (request is null)
        {
            violations.Add("request", "is absent: send the request to decide.");
        }
        else
        {
            Check(request, "request.", ref violations);
        }
    }

    private static void Check(AuthorizeRequest request, string prefix, ref Violations violations, int position = -1)
    {
        // The usual request takes this way: nothing is built for it.
        if (IsSound(request))
        {
            return;
        }

        if (position >= 0)
        {
            prefix = string.Create(CultureInfo.InvariantCulture, $"requests[{position}].");
        }

        if (!IsMethod(request.Method))
        {
            violations.Add(prefix + "method", request.Method.Length == 0
                ? "is empty: send the request's HTTP method, such as GET."
                : $"is {Violations.Quote(request.Method)}: send an HTTP method, a token of {MaximumMethod} characters at most.");
        }

        if (request.ApiId.Length == 0 && request.Host.Length == 0)
        {
            violations.Add(prefix + "api_id", "is empty, and so is host: send api_id, or host with path for the API registry.");
        }

        if (!IsId(request.ApiId))
        {
            violations.Add(prefix + "api_id", IdProblem(request.ApiId));
        }

        if (!IsId(request.OrganizationId))
        {
            violations.Add(prefix + "organization_id", IdProblem(request.OrganizationId));
        }

        if (request.Cost < 0)
        {
            violations.Add(prefix + "cost", string.Create(CultureInfo.InvariantCulture, $"is {request.Cost}: send 0 (which counts 1) or more."));
        }

        if (request is { HasQueryDepth: true, QueryDepth: < 0 })
        {
            violations.Add(
                prefix + "query_depth", string.Create(CultureInfo.InvariantCulture, $"is {request.QueryDepth}: send 0 or more, or leave it out."));
        }

        CheckLength(request.RequestId, prefix + "request_id", ref violations);
        CheckLength(request.IdempotencyKey, prefix + "idempotency_key", ref violations);
        CheckLength(request.ApiVersion, prefix + "api_version", ref violations);
        CheckLength(request.ClientIp, prefix + "client_ip", ref violations);
        CheckHeaders(request, prefix, ref violations);
    }

    private static bool IsSound(AuthorizeRequest request) =>
        IsMethod(request.Method)
        && (request.ApiId.Length > 0 || request.Host.Length > 0)
        && IsId(request.ApiId)
        && IsId(request.OrganizationId)
        && request.Cost >= 0
        && request.QueryDepth >= 0
        && request.RequestId.Length <= MaximumText
        && request.IdempotencyKey.Length <= MaximumText
        && request.ApiVersion.Length <= MaximumText
        && request.ClientIp.Length <= MaximumText
        && request.Headers.Count == 0;

    private static void CheckLength(string value, string field, ref Violations violations)
    {
        if (value.Length > MaximumText)
        {
            violations.Add(field, string.Create(CultureInfo.InvariantCulture, $"has {value.Length} characters: send {MaximumText} at most."));
        }
    }

    private static void CheckHeaders(AuthorizeRequest request, string prefix, ref Violations violations)
    {
        if (request.Headers.Count > MaximumHeaders)
        {
            violations.Add(
                prefix + "headers",
                string.Create(CultureInfo.InvariantCulture, $"has {request.Headers.Count} headers: send {MaximumHeaders} at most; only signed ones are needed."));
            return;
        }

        long characters = 0;
        for (int index = 0; index < request.Headers.Count; index++)
        {
            var header = request.Headers[index];
            characters += header.Name.Length + header.Value.Length;
            if (header.Name.Length == 0 || header.Name.AsSpan().ContainsAnyExcept(TokenCharacters))
            {
                violations.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{prefix}headers[{index}].name"),
                    header.Name.Length == 0 ? "is empty: send the header's name." : $"is {Violations.Quote(header.Name)}: a header's name is an HTTP token.");
            }

            if (header.Value.AsSpan().ContainsAny(LineCharacters))
            {
                violations.Add(
                    string.Create(CultureInfo.InvariantCulture, $"{prefix}headers[{index}].value"), "holds a line break or a zero byte, which no header can.");
            }
        }

        if (characters > MaximumHeaderCharacters)
        {
            violations.Add(
                prefix + "headers",
                string.Create(CultureInfo.InvariantCulture, $"has {characters} characters: send {MaximumHeaderCharacters} at most; only signed headers are needed."));
        }
    }

    private static bool IsMethod(string method) =>
        method.Length is > 0 and <= MaximumMethod && !method.AsSpan().ContainsAnyExcept(TokenCharacters);

    private static bool IsId(string id) => id.Length <= MaximumId && !id.AsSpan().ContainsAnyExcept(IdCharacters);

    private static string IdProblem(string id) => $"is {Violations.Quote(id)}: an id is 1 to {MaximumId} characters of A-Z a-z 0-9 . _ ~ -.";
}
