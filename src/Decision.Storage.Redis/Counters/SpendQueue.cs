using System.Collections.Concurrent;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Options;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// Sends spendings to one Redis. A spending that finds none on its way goes at once, alone; those that come while others are on their way
/// go together in the next call. So at any load there is one trip for a decision, and under load many share one.
/// </summary>
internal sealed class SpendQueue : IAsyncDisposable
{
    /// <summary>Spendings in one call at most: so many take Redis about half a millisecond.</summary>
    public const int MostInCall = 128;

    /// <summary>Calls on their way at once: a second one keeps Redis busy while the answers of the first are handed out.</summary>
    private const int MostCalls = 2;

    // A calendar period ended while the call was on its way, or the clocks differ: the window is made for the moment that Redis names.
    private const int MostAttempts = 8;

    private readonly ConcurrentQueue<PendingSpending> _waiting = new();
    private readonly ConcurrentQueue<PendingSpending> _byDeadline = new();
    private readonly RedisCalls _calls;
    private readonly RedisMetrics _metrics;
    private readonly ScriptClock _clock;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _tick;
    private readonly ITimer _timer;
    private int _callsOut;
    private int _isTicking;

    public SpendQueue(RedisCalls calls, RedisMetrics metrics, ScriptClock clock, TimeProvider time, IOptions<RedisStorageOptions> options)
    {
        _calls = calls;
        _metrics = metrics;
        _clock = clock;
        _time = time;
        _patience = options.Value.Timeout;
        _tick = TimeSpan.FromTicks(Math.Max(_patience.Ticks / 10, TimeSpan.TicksPerMillisecond));
        _timer = time.CreateTimer(static queue => ((SpendQueue)queue!).FailLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Sends a spending, or lets it wait for the next call.</summary>
    public ValueTask<SpendResult> SendAsync(in Spending spending, in SpendingSubjects subjects, RedisKeys names, CancellationToken cancellation)
    {
        PendingSpending pending = new(
            spending,
            SpendingWriter.Keys(spending, subjects, names),
            SpendingWriter.Write(spending, subjects, _clock.EstimateUs(_time)),
            _time.GetTimestamp() + (long)(_patience.TotalSeconds * _time.TimestampFrequency),
            cancellation);
        _waiting.Enqueue(pending);
        _byDeadline.Enqueue(pending);
        if (Interlocked.Exchange(ref _isTicking, 1) == 0)
        {
            _timer.Change(_tick, Timeout.InfiniteTimeSpan);
        }

        SendWaiting();
        return pending.Task;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void SendWaiting()
    {
        while (!_waiting.IsEmpty)
        {
            int out_ = Volatile.Read(ref _callsOut);
            if (out_ >= MostCalls)
            {
                // Whoever brings a call back looks again.
                return;
            }

            if (Interlocked.CompareExchange(ref _callsOut, out_ + 1, out_) != out_)
            {
                continue;
            }

            List<PendingSpending>? call = TakeWaiting();
            if (call is null)
            {
                Interlocked.Decrement(ref _callsOut);
            }
            else
            {
                _ = SendAsync(call);
            }
        }
    }

    private List<PendingSpending>? TakeWaiting()
    {
        List<PendingSpending>? call = null;
        while ((call?.Count ?? 0) < MostInCall && _waiting.TryDequeue(out PendingSpending? pending))
        {
            if (pending.Cancellation.IsCancellationRequested)
            {
                pending.TrySetException(new OperationCanceledException(pending.Cancellation));
            }
            else if (pending.TrySend())
            {
                (call ??= []).Add(pending);
            }
        }

        return call;
    }

    private async Task SendAsync(List<PendingSpending> call)
    {
#pragma warning disable CA1031 // Whatever went wrong, the ones that wait must hear of it.
        try
        {
            byte[] answer = await _calls.DecideAsync(
                "spend", database => DecideScript.EvaluateAsync(database, call, _clock), CancellationToken.None).ConfigureAwait(false);
            HandOut(call, answer);
        }
        catch (Exception error)
        {
            Fail(call, error);
        }
#pragma warning restore CA1031

        Interlocked.Decrement(ref _callsOut);
        SendWaiting();
    }

    private void HandOut(List<PendingSpending> call, byte[] answer)
    {
        SpendingReply reply = new(answer);
        _clock.Learn(reply.NowUs, _time);
        foreach (PendingSpending pending in call)
        {
            SpendingReplyStatus status = reply.Next(pending.Spending.Charges, out SpendResult result);
            switch (status)
            {
                case SpendingReplyStatus.NeedsWindow:
                    SendAgain(pending, reply.NeededUs);
                    break;
                case SpendingReplyStatus.Damaged or SpendingReplyStatus.Foreign:
                    pending.TrySetException(DamagedCounter.Exception(status));
                    break;
                default:
                    pending.TrySetResult(result);
                    break;
            }
        }
    }

    private void SendAgain(PendingSpending pending, long neededUs)
    {
        if (pending.Attempts >= MostAttempts)
        {
            pending.TrySetException(new StoreException("The clock of Redis jumps: no calendar period could be found for it."));
        }
        else if (pending.TryWaitAgain())
        {
            pending.Bytes = SpendingWriter.Write(pending.Spending, SpendingSubjects.Of(pending.Spending), neededUs);
            _waiting.Enqueue(pending);
        }
    }

    private void Fail(List<PendingSpending> call, Exception error)
    {
        bool isUncertain = error is StoreException { InnerException: { } cause } && RedisFailure.Of(cause, _patience).IsUncertain;
        int uncertain = 0;
        foreach (PendingSpending pending in call)
        {
            uncertain += pending.TrySetException(error is StoreException store ? new StoreException(store.Message, store.InnerException) : error) == true ? 1 : 0;
        }

        if (isUncertain)
        {
            _metrics.Uncertain(uncertain);
        }
    }

    /// <summary>Fails those whose time is up, sent or not. Deadlines rise in the order of the queue.</summary>
    private void FailLate()
    {
        long now = _time.GetTimestamp();
        int uncertain = 0;
        while (_byDeadline.TryPeek(out PendingSpending? oldest) && (oldest.IsCompleted || now >= oldest.Deadline))
        {
            _byDeadline.TryDequeue(out _);
            if (!oldest.IsCompleted)
            {
                RedisFailure failure = RedisFailure.Of(new TimeoutException(), _patience);
                uncertain += oldest.TrySetException(failure.ToException(new TimeoutException())) == true ? 1 : 0;
            }
        }

        if (uncertain > 0)
        {
            _metrics.Uncertain(uncertain);
        }

        if (!_byDeadline.IsEmpty)
        {
            _timer.Change(_tick, Timeout.InfiniteTimeSpan);
            return;
        }

        Volatile.Write(ref _isTicking, 0);
        if (!_byDeadline.IsEmpty && Interlocked.Exchange(ref _isTicking, 1) == 0)
        {
            _timer.Change(_tick, Timeout.InfiniteTimeSpan);
        }
    }
}
