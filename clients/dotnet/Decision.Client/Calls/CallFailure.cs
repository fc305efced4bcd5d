using System.Net.Sockets;
using Google.Rpc;
using Grpc.Core;

namespace Decision.Client.Calls;

/// <summary>What a failed call means. The one place that knows gRPC's codes.</summary>
/// <param name="Kind">In which way the service gave no verdict.</param>
/// <param name="Detail">For logs.</param>
/// <param name="IsCertainlyUnsent">True = no byte of the request left this machine, so another address may be asked.</param>
internal readonly record struct CallFailure(ServiceFailureKind Kind, string Detail, bool IsCertainlyUnsent)
{
    // RFC 9113, 7: the stream was refused before any processing.
    private const long RefusedStream = 7;

    public static CallFailure Of(RpcException exception)
    {
        bool isUnsent = IsUnsent(exception.Status.DebugException ?? exception.InnerException);
        var kind = exception.StatusCode switch
        {
            StatusCode.DeadlineExceeded => ServiceFailureKind.TimedOut,
            _ when isUnsent => ServiceFailureKind.Unreachable,
            StatusCode.Unavailable => ServiceFailureKind.Unreachable,
            _ => ServiceFailureKind.Error,
        };
        return new CallFailure(kind, $"{exception.StatusCode}: {exception.Status.Detail}", isUnsent);
    }

    /// <summary>The exception for a mistake of the caller's; null = the call failed, and the failure mode answers.</summary>
    public static DecisionException? Mistake(RpcException exception) => exception.StatusCode switch
    {
        StatusCode.InvalidArgument => OfViolations(exception),

        // What has too many wrong secrets behind it is not looked at for a while.
        StatusCode.ResourceExhausted when exception.GetRpcStatus()?.GetDetail<RetryInfo>() is not null => new DecisionCredentialException(
            $"The service looks at no credential from here for a while ({exception.Status.Detail}) Set Decision:Admin:Secret to the right one before you try again.", exception),

        // Too large to send or to answer: it would be so for ever, and whoever made it so must not pass by FailureMode.Open.
        StatusCode.ResourceExhausted => new DecisionRequestException(
            $"The request, or the answer to it, is larger than the service or the client takes: {exception.Status.Detail}", exception),
        StatusCode.Unauthenticated => new DecisionCredentialException(
            $"The service does not know this client ({exception.Status.Detail}): set Decision:Token, or Decision:Admin:Secret for administration, to one that it accepts.", exception),
        StatusCode.PermissionDenied => new DecisionCredentialException(
            $"The service does not let this client ask for this ({exception.Status.Detail}): give its token the scope, or ask for another API or organisation.", exception),
        _ => null,
    };

    private static DecisionRequestException OfViolations(RpcException exception)
    {
        var details = exception.GetRpcStatus()?.GetDetail<BadRequest>();
        return details is { FieldViolations.Count: > 0 }
            ? new DecisionRequestException([.. details.FieldViolations.Select(one => new FieldViolation(one.Field, one.Description))], exception)
            : new DecisionRequestException(exception.Status.Detail, exception);
    }

    private static bool IsUnsent(Exception? cause) => cause switch
    {
        HttpRequestException
        {
            HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError,
        } => true,
        HttpRequestException { InnerException: HttpProtocolException { ErrorCode: RefusedStream } } => true,

        // By itself it comes from connecting; once connected it comes inside an IOException.
        SocketException => true,
        _ => false,
    };
}
