using System.IO.Pipelines;
using Decision.Engine;
using Decision.Runtime.Decisions;
using Decision.Server.Grpc.Wire;
using Grpc.Core;

namespace Decision.Server.Grpc;

/// <summary>
/// The answers of one stream. Several requests are decided at a time, so that a stream is not held up by the way to Redis, and each is answered
/// when it is ready. A client that does not read its answers is soon not read either, and so cannot fill the server's memory.
/// </summary>
/// <remarks>
/// Answers to requests that came together go together: to send each by itself costs as much as to decide it. None is held back while the stream waits for
/// its client.
/// </remarks>
internal sealed class StreamAnswers(
    DecisionRuntime runtime, AtOnce atOnce, IServerStreamWriter<WrittenAnswer> stream, PipeWriter body, VerdictWriter verdicts, CancellationToken cancellation)
    : IDisposable
{
    private static readonly WriteOptions Held = new(WriteFlags.BufferHint);

    // Beyond these a client that never stops sending would wait for its first answers.
    private const int MostHeld = 32;

    private readonly SemaphoreSlim _room = new(AtOnce.MostOfOne);
    private readonly SemaphoreSlim _writing = new(1);
    private readonly TaskCompletionSource<Exception> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _held;

    // Whether nothing is read at the moment, so that whoever holds an answer sends it.
    private volatile bool _isIdle;

    /// <summary>Completes when an answer could not be given: the stream is over.</summary>
    public Task Failed => _failed.Task;

    /// <summary>Begins to decide a request; waits only where too many are under way.</summary>
    public async ValueTask DecideAsync(DecisionCall call, string requestId)
    {
        // Each gives its room back, whatever becomes of it.
        await SendIfWaitsAsync(_room.WaitAsync(CancellationToken.None));
        bool isExtra = _room.CurrentCount < AtOnce.MostOfOne - 1;
        if (isExtra)
        {
            await SendIfWaitsAsync(atOnce.TakeAsync());
        }

        _isIdle = false;
        _ = AnswerAsync(call, requestId, isExtra);
    }

    /// <summary>Sends what is ready, now and until the next request: before the stream waits for something. Never throws.</summary>
    public async ValueTask SendAsync()
    {
        _isIdle = true;
        await _writing.WaitAsync(CancellationToken.None);
        try
        {
            await FlushAsync();
        }
        catch (Exception exception)
        {
            _failed.TrySetResult(exception);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Waits until every answer is written, or cannot be.</summary>
    public async Task EndAsync()
    {
        await SendAsync();
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
                stream.WriteOptions = Held;
                await stream.WriteAsync(answer);
                _held++;
                if (_isIdle || _held >= MostHeld)
                {
                    await FlushAsync();
                }
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

    private async ValueTask SendIfWaitsAsync(Task room)
    {
        if (!room.IsCompletedSuccessfully)
        {
            await SendAsync();
        }

        await room;
    }

    // Where one writes at a time.
    private async ValueTask FlushAsync()
    {
        if (_held > 0)
        {
            _held = 0;
            await body.FlushAsync(cancellation);
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
