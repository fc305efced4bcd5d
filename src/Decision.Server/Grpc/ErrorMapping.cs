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

    public RpcException ToStatus(Exception exception, ServerCallContext context)
    {
        switch (exception)
        {
            case CallException call:
                var violations = default(Violations);
                violations.Add(call.Field, call.Message);
                return violations.ToException();
            case StoreException store:
                ServerLog.StoreFailed(log, context.Method, store);
                return Of(Code.Unavailable, store.Message, new ErrorInfo { Reason = "STORE_UNAVAILABLE", Domain = Domain });
            case OperationCanceledException:
                return Of(Code.Cancelled, "The call was cancelled before it was decided.");
            case IOException when context.CancellationToken.IsCancellationRequested:
                return Of(Code.Cancelled, "The caller went away.");
            default:
                ServerLog.CallFailed(log, context.Method, exception);
                return Of(Code.Internal, "The server failed on this call; its log says why.");
        }
    }

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
