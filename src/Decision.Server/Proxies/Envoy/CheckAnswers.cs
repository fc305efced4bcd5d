using Decision.Server.Wire;
using Decision.Contracts.V1;
using Decision.Server.Callers;
using Decision.Server.Proxies.Credentials;
using Decision.Server.Proxies.Headers;
using Envoy.Service.Auth.V3;
using Envoy.Type.V3;
using Google.Rpc;

namespace Decision.Server.Proxies.Envoy;

/// <summary>From a verdict to Envoy's answer.</summary>
internal static class CheckAnswers
{
    // An answer is written in one go, so one for a thread is enough.
    [ThreadStatic]
    private static ProtoWriter? _writer;

    public static byte[] Of(in ProxyAnswer answer, IProxiedHeaders headers, bool removesCredential, DateTimeOffset now) =>
        answer.Verdict is not { } verdict
            ? answer.IsForbidden ? Refused(answer.Problem!, CallerAccess.PermissionDenied) : Malformed(answer.Problem!)
        : verdict.Allowed ? Allowed(verdict, answer.Key, headers, removesCredential, now)
        : Denied(verdict, now);

    /// <summary>A refusal and not a failed call: where Envoy lets failed calls pass, nobody gets in by a request that cannot be read.</summary>
    public static byte[] Malformed(string problem) => Refusal(
        StatusCodes.Status400BadRequest, problem, ClientHeaders.Malformed);

    /// <summary>The proxy is not known, or may not ask about this. Told as a refusal for the same reason.</summary>
    public static byte[] Refused(string problem, string reason) => Refusal(StatusCodes.Status403Forbidden, problem, reason);

    /// <summary>This service failed on the request; its log says why.</summary>
    public static byte[] Failed() => Refusal(
        StatusCodes.Status503ServiceUnavailable, "The request could not be decided", "INTERNAL");

    private static byte[] Refusal(int status, string message, string reason)
    {
        var writer = Begin();
        int denied = BeginDenied(writer, status, message);
        new EnvoyHeaderSink(writer, DeniedHttpResponse.HeadersFieldNumber).Add(ClientHeaders.Reason, reason);
        writer.End(denied);
        return writer.ToArray();
    }

    private static byte[] Allowed(
        AuthorizeResponse verdict, in FoundKey key, IProxiedHeaders headers, bool removesCredential, DateTimeOffset now)
    {
        var writer = Begin();

        // Present, though empty: code OK.
        writer.End(writer.Begin(CheckResponse.StatusFieldNumber));
        int ok = writer.Begin(CheckResponse.OkResponseFieldNumber);
        var upstream = new EnvoyHeaderSink(writer, OkHttpResponse.HeadersFieldNumber);
        UpstreamHeaders.Write(verdict, ref upstream);
        var client = new EnvoyHeaderSink(writer, OkHttpResponse.ResponseHeadersToAddFieldNumber);
        ClientHeaders.Write(verdict, now, ref client);

        // No client speaks in this service's name, under any of its headers.
        foreach (string name in headers.NamesThatBegin(UpstreamHeaders.Prefix))
        {
            if (!UpstreamHeaders.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                writer.Text(OkHttpResponse.HeadersToRemoveFieldNumber, name);
            }
        }

        if (removesCredential)
        {
            Remove(in key, headers, writer);
        }

        writer.End(ok);
        WriteMetadata(writer, verdict);
        return writer.ToArray();
    }

    private static byte[] Denied(AuthorizeResponse verdict, DateTimeOffset now)
    {
        var writer = Begin();
        int denied = BeginDenied(writer, verdict.HttpStatus, verdict.Message);
        var sink = new EnvoyHeaderSink(writer, DeniedHttpResponse.HeadersFieldNumber);
        ClientHeaders.Write(verdict, now, ref sink);
        writer.End(denied);
        WriteMetadata(writer, verdict);
        return writer.ToArray();
    }

    private static ProtoWriter Begin()
    {
        var writer = _writer ??= new ProtoWriter();
        writer.Clear();
        return writer;
    }

    // The status of the call's answer, then the client's answer up to its headers, which follow.
    private static int BeginDenied(ProtoWriter writer, int httpStatus, string message)
    {
        int status = writer.Begin(CheckResponse.StatusFieldNumber);
        writer.Number(Google.Rpc.Status.CodeFieldNumber, (long)CodeOf(httpStatus));
        writer.Text(Google.Rpc.Status.MessageFieldNumber, message);
        writer.End(status);

        int denied = writer.Begin(CheckResponse.DeniedResponseFieldNumber);
        int http = writer.Begin(DeniedHttpResponse.StatusFieldNumber);
        writer.Number(HttpStatus.CodeFieldNumber, httpStatus);
        writer.End(http);
        writer.Text(DeniedHttpResponse.BodyFieldNumber, DenialBody.Of(message));
        new EnvoyHeaderSink(writer, DeniedHttpResponse.HeadersFieldNumber).Add("content-type", DenialBody.ContentType);
        return denied;
    }

    private static void WriteMetadata(ProtoWriter writer, AuthorizeResponse verdict)
    {
        int metadata = writer.Begin(CheckResponse.DynamicMetadataFieldNumber);
        VerdictStruct.Write(writer, verdict);
        writer.End(metadata);
    }

    private static void Remove(in FoundKey key, IProxiedHeaders headers, ProtoWriter writer)
    {
        switch (key.Place)
        {
            case KeyPlace.Header:
                writer.Text(OkHttpResponse.HeadersToRemoveFieldNumber, key.Name.ToLowerInvariant());
                break;
            case KeyPlace.QueryParameter:
                writer.Text(OkHttpResponse.QueryParametersToRemoveFieldNumber, key.Name);
                break;
            case KeyPlace.Cookie:
                string rest = CookieText.Without(string.Join("; ", headers.All("cookie")), key.Name);
                if (rest.Length == 0)
                {
                    writer.Text(OkHttpResponse.HeadersToRemoveFieldNumber, "cookie");
                }
                else
                {
                    new EnvoyHeaderSink(writer, OkHttpResponse.HeadersFieldNumber).Add("cookie", rest);
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
