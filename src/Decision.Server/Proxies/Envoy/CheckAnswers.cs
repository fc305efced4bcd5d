using Decision.Contracts.V1;
using Decision.Server.Callers;
using Decision.Server.Proxies.Credentials;
using Decision.Server.Proxies.Headers;
using Envoy.Config.Core.V3;
using Envoy.Service.Auth.V3;
using Envoy.Type.V3;
using Google.Rpc;

namespace Decision.Server.Proxies.Envoy;

/// <summary>From a verdict to Envoy's answer.</summary>
internal static class CheckAnswers
{
    public static CheckResponse Of(in ProxyAnswer answer, IProxiedHeaders headers, bool removesCredential, DateTimeOffset now) =>
        answer.Verdict is not { } verdict
            ? answer.IsForbidden ? Refused(answer.Problem!, CallerAccess.PermissionDenied) : Malformed(answer.Problem!)
        : verdict.Allowed ? Allowed(verdict, answer.Key, headers, removesCredential, now)
        : Denied(verdict, now);

    /// <summary>A refusal and not a failed call: where Envoy lets failed calls pass, nobody gets in by a request that cannot be read.</summary>
    public static CheckResponse Malformed(string problem) => Refusal(
        StatusCodes.Status400BadRequest, problem, ClientHeaders.Malformed);

    /// <summary>The proxy is not known, or may not ask about this. Told as a refusal for the same reason.</summary>
    public static CheckResponse Refused(string problem, string reason) => Refusal(StatusCodes.Status403Forbidden, problem, reason);

    /// <summary>This service failed on the request; its log says why.</summary>
    public static CheckResponse Failed() => Refusal(
        StatusCodes.Status503ServiceUnavailable, "The request could not be decided", "INTERNAL");

    private static CheckResponse Refusal(int status, string message, string reason)
    {
        var denied = new DeniedHttpResponse { Status = new HttpStatus { Code = (StatusCode)status }, Body = DenialBody.Of(message) };
        var sink = new EnvoyHeaderSink(denied.Headers);
        sink.Add("content-type", DenialBody.ContentType);
        sink.Add(ClientHeaders.Reason, reason);
        return new CheckResponse { Status = new Google.Rpc.Status { Code = (int)CodeOf(status), Message = message }, DeniedResponse = denied };
    }

    private static CheckResponse Allowed(
        AuthorizeResponse verdict, in FoundKey key, IProxiedHeaders headers, bool removesCredential, DateTimeOffset now)
    {
        var ok = new OkHttpResponse();
        var upstream = new EnvoyHeaderSink(ok.Headers);
        UpstreamHeaders.Write(verdict, ref upstream);
        var client = new EnvoyHeaderSink(ok.ResponseHeadersToAdd);
        ClientHeaders.Write(verdict, now, ref client);

        // No client speaks in this service's name, under any of its headers.
        foreach (string name in headers.Names)
        {
            if (name.StartsWith(UpstreamHeaders.Prefix, StringComparison.OrdinalIgnoreCase)
                && !UpstreamHeaders.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                ok.HeadersToRemove.Add(name);
            }
        }

        if (removesCredential)
        {
            Remove(in key, headers, ok);
        }

        return new CheckResponse { Status = new Google.Rpc.Status(), OkResponse = ok, DynamicMetadata = VerdictStruct.Of(verdict) };
    }

    private static CheckResponse Denied(AuthorizeResponse verdict, DateTimeOffset now)
    {
        var denied = new DeniedHttpResponse
        {
            Status = new HttpStatus { Code = (StatusCode)verdict.HttpStatus },
            Body = DenialBody.Of(verdict.Message),
        };
        var sink = new EnvoyHeaderSink(denied.Headers);
        sink.Add("content-type", DenialBody.ContentType);
        ClientHeaders.Write(verdict, now, ref sink);
        return new CheckResponse
        {
            Status = new Google.Rpc.Status { Code = (int)CodeOf(verdict.HttpStatus), Message = verdict.Message },
            DeniedResponse = denied,
            DynamicMetadata = VerdictStruct.Of(verdict),
        };
    }

    private static void Remove(in FoundKey key, IProxiedHeaders headers, OkHttpResponse ok)
    {
        switch (key.Place)
        {
            case KeyPlace.Header:
                ok.HeadersToRemove.Add(key.Name.ToLowerInvariant());
                break;
            case KeyPlace.QueryParameter:
                ok.QueryParametersToRemove.Add(key.Name);
                break;
            case KeyPlace.Cookie:
                string rest = CookieText.Without(string.Join("; ", headers.All("cookie")), key.Name);
                if (rest.Length == 0)
                {
                    ok.HeadersToRemove.Add("cookie");
                }
                else
                {
                    ok.Headers.Add(new HeaderValueOption
                    {
                        Header = new HeaderValue { Key = "cookie", Value = rest },
                        AppendAction = HeaderValueOption.Types.HeaderAppendAction.OverwriteIfExistsOrAdd,
                    });
                }

                break;
            default:
                break;
        }
    }

    private static Code CodeOf(int status) => status switch
    {
        StatusCodes.Status400BadRequest => Code.InvalidArgument,
        StatusCodes.Status401Unauthorized => Code.Unauthenticated,
        StatusCodes.Status404NotFound => Code.NotFound,
        StatusCodes.Status429TooManyRequests => Code.ResourceExhausted,
        StatusCodes.Status503ServiceUnavailable => Code.Unavailable,
        _ => Code.PermissionDenied,
    };
}
