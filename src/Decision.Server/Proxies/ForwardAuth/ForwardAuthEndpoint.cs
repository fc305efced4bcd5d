using System.Globalization;
using System.Net;
using System.Text;
using Decision.Server.Callers;
using Decision.Server.Proxies.Headers;

namespace Decision.Server.Proxies.ForwardAuth;

/// <summary>
/// Answers the subrequests of nginx <c>auth_request</c>, Caddy <c>forward_auth</c>, Traefik <c>ForwardAuth</c> and their like: 200 with
/// headers for the upstream, or the denial.
/// </summary>
internal sealed class ForwardAuthEndpoint(
    ProxyDecisions decisions, CallerAccess access, ForwardAuthSettings settings, TimeProvider time, ILogger<ForwardAuthEndpoint> log)
{
    /// <summary>The denial's own status, whatever <c>deny_status</c> says.</summary>
    public const string StatusHeader = "x-decision-status";

    /// <summary>The denial's sentence, for proxies that drop the body and write one of their own.</summary>
    public const string MessageHeader = "x-decision-message";

    private const int LongestAddress = 64;

    private readonly ForwardedRequestReader _reader = new(settings);

    public async Task InvokeAsync(HttpContext context)
    {
        var response = context.Response;
        string? problem = RouteParameters.Read(context.Request.Query, out var parameters);
        if (!IsTrusted(context.Connection.RemoteIpAddress))
        {
            ProxyLog.Untrusted(log, context.Connection.RemoteIpAddress?.ToString() ?? "");
            await RefuseAsync(
                response, in parameters, StatusCodes.Status403Forbidden, "This address may not ask by forward auth", CallerAccess.PermissionDenied);
            return;
        }

        if (access.Identify(context, isProxied: true, out var caller) is { } unknown)
        {
            await RefuseAsync(response, in parameters, StatusCodes.Status403Forbidden, unknown, CallerAccess.Unauthenticated);
            return;
        }

        var proxied = default(ProxiedRequest);
        problem ??= _reader.Read(context.Request, context.Request.RouteValues["apiId"] as string ?? "", in parameters, out proxied);
        if (problem is not null)
        {
            await RefuseMalformedAsync(response, parameters, problem);
            return;
        }

        try
        {
            var answer = await decisions.DecideAsync(proxied, caller, context.RequestAborted);
            if (answer.Verdict is not { } verdict)
            {
                if (answer.IsForbidden)
                {
                    await RefuseAsync(
                        response, in parameters, StatusCodes.Status403Forbidden, answer.Problem!, CallerAccess.PermissionDenied);
                    return;
                }

                await RefuseMalformedAsync(response, parameters, answer.Problem!);
                return;
            }

            var sink = new ResponseHeaderSink(response.Headers);
            ClientHeaders.Write(verdict, time.GetUtcNow(), ref sink);
            if (verdict.Allowed)
            {
                UpstreamHeaders.Write(verdict, ref sink);
                return;
            }

            await WriteDenialAsync(response, in parameters, verdict.HttpStatus, verdict.Message);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Who asked has gone.
        }
        catch (Exception exception) when (!response.HasStarted)
        {
            ProxyLog.Failed(log, "forward auth", exception);
            response.Headers.Clear();
            await RefuseAsync(
                response, in parameters, StatusCodes.Status503ServiceUnavailable, "The request could not be decided", "INTERNAL");
        }
    }

    private bool IsTrusted(IPAddress? peer)
    {
        if (peer is null)
        {
            // A Unix socket: whoever may open its file.
            return true;
        }

        Span<char> text = stackalloc char[LongestAddress];
        return peer.TryFormat(text, out int length) && settings.TrustedNetworks.Contains(text[..length]);
    }

    private Task RefuseMalformedAsync(HttpResponse response, in RouteParameters parameters, string problem)
    {
        ProxyLog.Malformed(log, "forward auth", problem);
        return RefuseAsync(response, in parameters, StatusCodes.Status400BadRequest, problem, ClientHeaders.Malformed);
    }

    private static Task RefuseAsync(HttpResponse response, in RouteParameters parameters, int status, string message, string reason)
    {
        response.Headers[ClientHeaders.Reason] = reason;
        return WriteDenialAsync(response, in parameters, status, message);
    }

    private static Task WriteDenialAsync(HttpResponse response, in RouteParameters parameters, int status, string message)
    {
        response.StatusCode = parameters.DenyStatus > 0 ? parameters.DenyStatus : status;
        response.Headers[StatusHeader] = status.ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageHeader] = HeaderText.EncodeQuotable(message);
        response.ContentType = DenialBody.ContentType;
        byte[] body = Encoding.UTF8.GetBytes(DenialBody.Of(message));
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }
}
