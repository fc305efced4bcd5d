using Decision.Server.Callers;
using Decision.Server.Proxies.Envoy.Wire;
using Grpc.Core;

namespace Decision.Server.Proxies.Envoy;

/// <summary>Envoy's external authorization. It always answers: a failed call would be let through where <c>failure_mode_allow</c> is set.</summary>
internal sealed class CheckGrpcService(
    ProxyDecisions decisions, CallerAccess access, TimeProvider time, ILogger<CheckGrpcService> log) : BareAuthorization.ServiceBase
{
    public override async Task<WrittenCheckResponse> Check(ReadCheckRequest request, ServerCallContext context) =>
        new(await CheckAsync(request, context.GetHttpContext(), context.CancellationToken));

    /// <summary>Answers one question, whichever way its message came.</summary>
    public ValueTask<byte[]> CheckAsync(ReadCheckRequest request, HttpContext http, CancellationToken cancellation)
    {
        try
        {
            if (access.Identify(http, isProxied: false, out var caller) is { } unknown)
            {
                return ValueTask.FromResult(CheckAnswers.Refused(unknown, CallerAccess.Unauthenticated));
            }

            if (CheckReader.Read(request, out var proxied, out var settings) is { } problem)
            {
                ProxyLog.Malformed(log, "ext_authz", problem);
                return ValueTask.FromResult(CheckAnswers.Malformed(problem));
            }

            // Where key and counters are in memory the answer is there already.
            var deciding = decisions.DecideAsync(in proxied, caller, cancellation);
            return deciding.IsCompletedSuccessfully
                ? ValueTask.FromResult(ToAnswer(deciding.Result, proxied.Headers, settings.RemovesCredential))
                : FinishAsync(deciding, proxied.Headers, settings.RemovesCredential);
        }
        catch (Exception exception)
        {
            return ValueTask.FromResult(Failed(exception));
        }
    }

    private async ValueTask<byte[]> FinishAsync(ValueTask<ProxyAnswer> deciding, IProxiedHeaders headers, bool removesCredential)
    {
        try
        {
            return ToAnswer(await deciding, headers, removesCredential);
        }
        catch (Exception exception)
        {
            return Failed(exception);
        }
    }

    private byte[] ToAnswer(in ProxyAnswer answer, IProxiedHeaders headers, bool removesCredential)
    {
        if (answer.Problem is not null)
        {
            ProxyLog.Malformed(log, "ext_authz", answer.Problem);
        }

        return CheckAnswers.Of(in answer, headers, removesCredential, time.GetUtcNow());
    }

    private byte[] Failed(Exception exception)
    {
        // Of one who has gone no answer reaches anybody: that is no failure.
        if (exception is not OperationCanceledException)
        {
            ProxyLog.Failed(log, "ext_authz", exception);
        }

        return CheckAnswers.Failed();
    }
}
