using Decision.Contracts.V1;
using Decision.Engine;
using Decision.Engine.Apis;
using Decision.Engine.Signatures;
using Decision.Runtime.Decisions;
using Decision.Server.Callers;
using Decision.Server.Grpc;
using Decision.Server.Proxies.Credentials;

namespace Decision.Server.Proxies;

/// <summary>
/// The way of every proxy's request: find the API to learn where the key is, take the key, decide. It has no rules of its own: what is
/// decided, and how a malformed request is told, is as with a native call.
/// </summary>
internal sealed class ProxyDecisions(DecisionRuntime runtime, CallerAccess access, VerdictMapping verdicts)
{
    public ValueTask<ProxyAnswer> DecideAsync(in ProxiedRequest proxied, Caller caller, CancellationToken cancellation)
    {
        var api = runtime.FindApi(proxied.ApiId, proxied.Host, proxied.Path);
        if (KeyFinder.Problem(api?.Api.Auth, in proxied, out var key) is { } unclear)
        {
            return new(ProxyAnswer.Malformed(unclear));
        }

        var request = ToRequest(in proxied, in key, api);
        if (RequestShape.Problem(request) is { } malformed)
        {
            return new(ProxyAnswer.Malformed(malformed));
        }

        if (access.Problem(caller, request) is { } forbidden)
        {
            return new(ProxyAnswer.Forbidden(forbidden));
        }

        var call = RequestMapping.ToCall(request, caller.Organizations) with { IsAccessOnly = proxied.IsAccessOnly };
        var deciding = runtime.DecideAsync(in call, cancellation);
        return deciding.IsCompletedSuccessfully
            ? new(ProxyAnswer.Of(verdicts.ToResponse(deciding.Result), in key))
            : FinishAsync(deciding, key);
    }

    private async ValueTask<ProxyAnswer> FinishAsync(ValueTask<Verdict> deciding, FoundKey key)
    {
        var verdict = await deciding;
        return ProxyAnswer.Of(verdicts.ToResponse(in verdict), in key);
    }

    private static AuthorizeRequest ToRequest(in ProxiedRequest proxied, in FoundKey key, ApiEntry? api)
    {
        var request = new AuthorizeRequest
        {
            ApiKey = key.Text,
            // Found once: the decision need not look for it again.
            ApiId = api?.Api.Id ?? proxied.ApiId ?? "",
            Host = proxied.Host,
            ApiVersion = proxied.ApiVersion ?? "",
            Method = proxied.Method,
            Path = proxied.Path,
            Cost = proxied.Cost,
            ClientIp = proxied.ClientIp ?? "",
            OrganizationId = proxied.OrganizationId ?? "",
            RequestId = proxied.RequestId ?? "",
        };
        if (HttpSignature.HasScheme(key.Text) && HttpSignature.TryParse(key.Text, out var signature, out _))
        {
            AddSigned(request, signature.Headers, in proxied);
        }

        return request;
    }

    // The client signed the host that it asked for, not the one by which the proxy reaches this service.
    private static void AddSigned(AuthorizeRequest request, IReadOnlyList<string> signed, in ProxiedRequest proxied)
    {
        foreach (string name in signed.Append("x-aux-date").Distinct(StringComparer.Ordinal))
        {
            if (name == "host")
            {
                request.Headers.Add(new Header { Name = name, Value = proxied.Host });
                continue;
            }

            foreach (string value in proxied.Headers.All(name))
            {
                request.Headers.Add(new Header { Name = name, Value = value });
            }
        }
    }
}
