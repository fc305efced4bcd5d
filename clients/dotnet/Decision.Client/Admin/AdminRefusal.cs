using Decision.Client.Calls;
using Grpc.Core;

namespace Decision.Client.Admin;

/// <summary>The exception for what the service refuses to do.</summary>
internal static class AdminRefusal
{
    /// <summary>Null = the call failed.</summary>
    public static DecisionException? Of(RpcException exception) => exception.StatusCode switch
    {
        StatusCode.NotFound => new DecisionStateException(DecisionStateProblem.NotFound, exception.Status.Detail, exception),
        StatusCode.AlreadyExists => new DecisionStateException(DecisionStateProblem.AlreadyExists, exception.Status.Detail, exception),
        StatusCode.Aborted => new DecisionStateException(DecisionStateProblem.Conflict, exception.Status.Detail, exception),
        StatusCode.FailedPrecondition => new DecisionStateException(DecisionStateProblem.Precondition, exception.Status.Detail, exception),
        _ => CallFailure.Mistake(exception),
    };
}
