using System.Collections.Concurrent;
using System.Diagnostics;
using Decision.Contracts.V1;

namespace Decision.Server.Tests.Redis;

/// <summary>Keeps calls in flight until it is stopped, and keeps every answer. A call that fails ends it, and the wait for it.</summary>
internal sealed class Traffic
{
    // Longer than anything promised: a test that waits for what never comes ends with the last answers that came.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<Answer> _answers = new();
    private readonly ConcurrentDictionary<Wait, bool> _waits = new();
    private readonly Task[] _lanes;
    private volatile bool _isStopped;
    private volatile Exception? _failure;

    private Traffic(int inFlight, Func<int, AuthorizeRequest> request, Func<int, AuthorizeRequest, Task<AuthorizeResponse>> ask) =>
        _lanes = [.. Enumerable.Range(0, inFlight).Select(lane => Task.Run(() => RunAsync(lane, request, ask)))];

    /// <summary>The answers so far, in the order in which they came.</summary>
    public IReadOnlyList<Answer> Answers => [.. _answers];

    /// <summary>Starts.</summary>
    /// <param name="inFlight">Calls at once; each is a lane, numbered from 0, that sends its next request when the one before is answered.</param>
    /// <param name="request">The next request of a lane.</param>
    /// <param name="ask">Sends a request of a lane.</param>
    public static Traffic Start(int inFlight, Func<int, AuthorizeRequest> request, Func<int, AuthorizeRequest, Task<AuthorizeResponse>> ask) =>
        new(inFlight, request, ask);

    /// <summary>Waits until so many answers as described have come, counted from now on.</summary>
    public async Task UntilAsync(Func<Answer, bool> fits, int count = 1)
    {
        Wait wait = new(fits, count);
        _waits[wait] = true;
        if (_failure is { } failure)
        {
            wait.Done.TrySetException(failure);
        }

        try
        {
            await wait.Done.Task.WaitAsync(Patience, TimeProvider.System);
        }
        catch (TimeoutException)
        {
            Assert.Fail($"What was waited for did not come. Of {_answers.Count} answers the last are:\n" + string.Join('\n', _answers.TakeLast(5).Select(answer => answer.Verdict)));
        }
        finally
        {
            _waits.TryRemove(wait, out _);
        }
    }

    /// <summary>Sends no more, and gives all answers when the last one came.</summary>
    public async Task<IReadOnlyList<Answer>> StopAsync()
    {
        _isStopped = true;
        await Task.WhenAll(_lanes);
        return Answers;
    }

    private async Task RunAsync(int lane, Func<int, AuthorizeRequest> next, Func<int, AuthorizeRequest, Task<AuthorizeResponse>> ask)
    {
        try
        {
            while (!_isStopped && _failure is null)
            {
                var request = next(lane);
                long sentAt = Stopwatch.GetTimestamp();
                var verdict = await ask(lane, request);
                Answer answer = new(request, verdict, sentAt, Stopwatch.GetTimestamp());
                _answers.Enqueue(answer);
                foreach (var (wait, _) in _waits)
                {
                    wait.Look(answer);
                }
            }
        }
        catch (Exception failure)
        {
            _failure = failure;
            foreach (var (wait, _) in _waits)
            {
                wait.Done.TrySetException(failure);
            }

            throw;
        }
    }

    private sealed class Wait(Func<Answer, bool> fits, int count)
    {
        private int _left = count;

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Look(Answer answer)
        {
            if (fits(answer) && Interlocked.Decrement(ref _left) == 0)
            {
                Done.TrySetResult();
            }
        }
    }
}
