using Decision.Engine;
using Decision.Runtime.Decisions;
using Decision.Server.Grpc.Wire;
using Grpc.Core;

namespace Decision.Server.Grpc;

/// <summary>
/// The answers of one stream. Several requests are decided at a time, so that a stream is not held up by the way to Redis, and each is answered
/// when it is ready. A client that does not read its answers is soon not read either, and so cannot fill the server's memory.
/// </summary>
internal sealed class StreamAnswers(
    DecisionRuntime runtime, AtOnce atOnce, IServerStreamWriter<WrittenAnswer> stream, VerdictWriter verdicts, CancellationToken cancellation) : IDisposable
{
    private readonly SemaphoreSlim _room = new(AtOnce.MostOfOne);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when an answer could not be given: the stream is over.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Begins to decide a request; waits only where too many are under way.</summary>
    public async ValueTask DecideAsync(DecisionCall call, string requestId)
    {
        // Each gives its room back, whatever becomes of it.
        await _room.WaitAsync(CancellationToken.None);
        bool isExtra = _room.CurrentCount < AtOnce.MostOfOne - 1;
        if (isExtra)
        {
            await atOnce.TakeAsync();
        }

        _ = AnswerAsync(call, requestId, isExtra);
    }

    /// <summary>Waits until every answer is written, or cannot be.</summary>
    public async Task EndAsync()
    {
        for (int place = 0; place < AtOnce.MostOfOne; place++)
        {
            await _room.WaitAsync(CancellationToken.None);
        }
    }

    /// <summary>Throws what kept an answer from being given.</summary>
    public void ThrowIfFailed()
    {
        if (_failed.Task.IsCompleted)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failed.Task.Result);
        }
    }

    public void Dispose()
    {
        _room.Dispose();
        _writing.Dispose();
    }

    // Never throws: the first failure ends the stream.
    private async Task AnswerAsync(DecisionCall call, string requestId, bool isExtra)
    {
        try
        {
            var verdict = await DecideAsync(call, isExtra);
            var answer = new WrittenAnswer(verdicts.WriteForStream(in verdict, requestId));
            await _writing.WaitAsync(CancellationToken.None);
            try
            {
                await stream.WriteAsync(answer);
            }
            finally
            {
                _writing.Release();
            }
        }
        catch (Exception exception)
        {
            _failed.TrySetResult(exception);
        }
        finally
        {
            _room.Release();
        }
    }

    // The room of all is for the time at the store: a client that does not read its answers must not hold up others.
    private async ValueTask<Verdict> DecideAsync(DecisionCall call, bool isExtra)
    {
        try
        {
            return await runtime.DecideAsync(in call, cancellation);
        }
        finally
        {
            if (isExtra)
            {
                atOnce.GiveBack();
            }
        }
    }
}
