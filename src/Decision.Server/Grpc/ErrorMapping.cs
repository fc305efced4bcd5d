using Decision.Engine.Findings;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Stores;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace Decision.Server.Grpc;

/// <summary>The one place that knows which failure is which gRPC status. The cause goes to the log, a safe text to the caller.</summary>
internal sealed class ErrorMapping(ILogger<ErrorMapping> log)
{
    /// <summary>The domain of <see cref="ErrorInfo"/>.</summary>
    public const string Domain = "decision";

    public RpcException ToStatus(Exception exception, ServerCallContext context) => ToStatus(exception, context.Method, context.CancellationToken);

    /// <summary>The status of a failure.</summary>
    /// <param name="exception">The failure.</param>
    /// <param name="method">Of which method.</param>
    /// <param name="cancellation">That the caller went away.</param>
    public RpcException ToStatus(Exception exception, string method, CancellationToken cancellation)
    {
        switch (exception)
        {
            case CallException call:
                var violations = default(Violations);
                violations.Add(call.Field, call.Message);
                return violations.ToException();
            case AdministrationException { Error: AdministrationError.Invalid } invalid:
                return Invalid(invalid.Findings);
            case AdministrationException refused:
                var (code, reason) = Refusal(refused.Error);
                return Of(code, refused.Message, new ErrorInfo { Reason = reason, Domain = Domain });
            case StoreException store:
                ServerLog.StoreFailed(log, method, store);
                return Of(Code.Unavailable, store.Message, new ErrorInfo { Reason = "STORE_UNAVAILABLE", Domain = Domain });
            case OperationCanceledException:
                return Of(Code.Cancelled, "The call was cancelled before it was decided.");
            case IOException when cancellation.IsCancellationRequested:
                return Of(Code.Cancelled, "The caller went away.");
            default:
                ServerLog.CallFailed(log, method, exception);
                return Of(Code.Internal, "The server failed on this call; its log says why.");
        }
    }

    private static RpcException Invalid(IReadOnlyList<Finding> findings)
    {
        var violations = default(Violations);
        foreach (var finding in findings)
        {
            if (finding.Severity == FindingSeverity.Error)
            {
                violations.Add(finding.Field.Length > 0 ? finding.Field : finding.Subject, finding.Message);
            }
        }

        return violations.HasAny ? violations.ToException() : Of(Code.InvalidArgument, "The request is malformed.");
    }

    private static (Code Code, string Reason) Refusal(AdministrationError error) => error switch
    {
        AdministrationError.NotFound => (Code.NotFound, "NOT_FOUND"),
        AdministrationError.AlreadyExists => (Code.AlreadyExists, "ALREADY_EXISTS"),
        AdministrationError.Conflict => (Code.Aborted, "ETAG_MISMATCH"),
        AdministrationError.PermissionDenied => (Code.PermissionDenied, "PERMISSION_DENIED"),
        _ => (Code.FailedPrecondition, "FAILED_PRECONDITION"),
    };

    /// <summary>A status with its details.</summary>
    public static RpcException Of(Code code, string message, params ReadOnlySpan<IMessage> details)
    {
        var status = new Google.Rpc.Status { Code = (int)code, Message = message };
        foreach (var detail in details)
        {
            status.Details.Add(Any.Pack(detail));
        }

        return status.ToRpcException();
    }
}
