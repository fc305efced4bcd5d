using Grpc.Core;

namespace Decision.Client.Calls;

/// <summary>A request got no answer on the call that it was to be decided on.</summary>
internal sealed class StreamException : Exception
{
    /// <param name="cause">What ended the call, or the wait for the answer.</param>
    /// <param name="isWritten">False = the request was never written on the call, and so certainly not sent.</param>
    public StreamException(RpcException cause, bool isWritten)
        : base(cause.Message, cause)
    {
        var failure = CallFailure.Of(cause);
        (Mistake, WasConnected) = (CallFailure.Mistake(cause), !failure.IsCertainlyUnsent);
        Failure = failure with { IsCertainlyUnsent = failure.IsCertainlyUnsent || !isWritten };
    }

    /// <summary>What the service said about the call it said about every request on it; null = no mistake of the caller's.</summary>
    public DecisionException? Mistake { get; }

    /// <summary>What it means for the request.</summary>
    public CallFailure Failure { get; }

    /// <summary>False = nothing could be sent on the call at all.</summary>
    public bool WasConnected { get; }
}
