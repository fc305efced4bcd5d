using Decision.Contracts.V1;
using Grpc.Core;

namespace Decision.Client.Calls;

/// <summary>A request on a stream, until it is answered or given up.</summary>
internal sealed class StreamRequest(AuthorizeRequest request)
{
    private const int Queued = 0;
    private const int Written = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<AuthorizeResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _state = Queued;

    public string Name => request.RequestId;

    public AuthorizeStreamRequest Message { get; } = new() { Request = request };

    public Task<AuthorizeResponse> Answer => _answer.Task;

    /// <summary>Whether it is to be written; from then on the service may have it.</summary>
    public bool TryBegin() => Interlocked.CompareExchange(ref _state, Written, Queued) == Queued;

    /// <summary>Nobody waits for it any more: where it was not written yet, it never is. Answers whether it was.</summary>
    public bool GiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Queued) == Written;

    public void Answered(AuthorizeResponse response) => _answer.TrySetResult(response);

    /// <summary>The call ended without an answer to it.</summary>
    public void Ended(RpcException reason) => _answer.TrySetException(new StreamException(reason, isWritten: GiveUp()));
}
