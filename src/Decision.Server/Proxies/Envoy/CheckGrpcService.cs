using Decision.Server.Callers;
using Decision.Server.Proxies.Envoy.Wire;
using Grpc.Core;

namespace Decision.Server.Proxies.Envoy;

/// <summary>Envoy's external authorization. It always answers: a failed call would be let through where <c>failure_mode_allow</c> is set.</summary>
internal sealed class CheckGrpcService(
    ProxyDecisions decisions, CallerAccess access, TimeProvider time, ILogger<CheckGrpcService> log) : BareAuthorization.ServiceBase
{
    public override async Task<WrittenCheckResponse> Check(ReadCheckRequest request, ServerCallContext context)
    {
        try
        {
            if (access.Identify(context.GetHttpContext(), isProxied: false, out var caller) is { } unknown)
            {
                return CheckAnswers.Refused(unknown, CallerAccess.Unauthenticated);
            }

            if (CheckReader.Read(request, out var proxied, out var settings) is { } problem)
            {
                ProxyLog.Malformed(log, "ext_authz", problem);
                return CheckAnswers.Malformed(problem);
            }

            var answer = await decisions.DecideAsync(proxied, caller, context.CancellationToken);
            if (answer.Problem is not null)
            {
                ProxyLog.Malformed(log, "ext_authz", answer.Problem);
            }

            return CheckAnswers.Of(in answer, proxied.Headers, settings.RemovesCredential, time.GetUtcNow());
        }
        catch (OperationCanceledException)
        {
            // Who asked has gone; what is answered reaches nobody.
            return CheckAnswers.Failed();
        }
        catch (Exception exception)
        {
            ProxyLog.Failed(log, "ext_authz", exception);
            return CheckAnswers.Failed();
        }
    }
}
