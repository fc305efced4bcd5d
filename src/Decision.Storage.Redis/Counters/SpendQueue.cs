using System.Collections.Concurrent;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Options;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// Sends spendings to one Redis. A spending that finds none on its way goes at once, alone; those that come while others are on their way
/// go together in the next call. So at any load there is one trip for a decision, and under load many share one. How much each costs then
/// depends on how many share it: docs/performance.md.
/// </summary>
internal sealed class SpendQueue : IAsyncDisposable, IThreadPoolWorkItem
{
    /// <summary>Spendings in one call at most: so many take Redis about half a millisecond.</summary>
    public const int MostInCall = 128;

    /// <summary>
    /// Calls on their way at once. Those that come meanwhile are better off together in the next one, which costs both sides little more than a call for
    /// a single one would; only where as many wait as one call takes, a second one goes beside the first.
    /// </summary>
    private const int MostCalls = 2;

    /// <summary>
    /// The longest time between two looks at what is late. What was answered is let go of with the next one: were it kept for a part of a long time limit, it
    /// would be as much as the collector takes for what lives long.
    /// </summary>
    private static readonly TimeSpan LongestTick = TimeSpan.FromMilliseconds(5);

    // A calendar period ended while the call was on its way, or the clocks differ: the window is made for the moment that Redis names.
    private const int MostAttempts = 8;

    private readonly ConcurrentQueue<PendingSpending> _waiting = new();
    private readonly ConcurrentQueue<PendingSpending> _byDeadline = new();
    private readonly RedisCalls _calls;
    private readonly SpendLink _link;
    private readonly DecideClient _client;
    private readonly RedisMetrics _metrics;
    private readonly ScriptClock _clock;
    private readonly TimeProvider _time;
    private readonly TimeSpan _patience;
    private readonly TimeSpan _tick;
    private readonly ITimer _timer;
    private int _waitingCount;
    private int _isSending;
    private volatile int _lastCount;
    private int _callsOut;
    private int _isTicking;

    public SpendQueue(
        RedisCalls calls, SpendLink link, DecideClient client, RedisMetrics metrics, ScriptClock clock, TimeProvider time, IOptions<RedisStorageOptions> options)
    {
        _calls = calls;
        _link = link;
        _client = client;
        _metrics = metrics;
        _clock = clock;
        _time = time;
        _patience = options.Value.Timeout;
        _tick = TimeSpan.FromTicks(Math.Clamp(_patience.Ticks / 10, TimeSpan.TicksPerMillisecond, LongestTick.Ticks));
        _timer = time.CreateTimer(static queue => ((SpendQueue)queue!).FailLate(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether there is something for <see cref="TakeWaiting"/>.</summary>
    public bool HasWaiting => !_waiting.IsEmpty;

    /// <summary>Spendings that are kept, answered or not, until it is looked at what is late.</summary>
    public int Kept => _byDeadline.Count;

    /// <summary>Begins to send, over the link where that has a connection.</summary>
    public void Start() => _link.Serve(this);

    /// <summary>Sends a spending, or lets it wait for the next call.</summary>
    public ValueTask<SpendResult> SendAsync(in Spending spending, in SpendingSubjects subjects, RedisKeys names, CancellationToken cancellation)
    {
        PendingSpending pending = new(
            spending,
            SpendingWriter.Keys(spending, subjects, names),
            SpendingWriter.Write(spending, subjects, _clock.EstimateUs(_time)),
            _time.GetTimestamp() + (long)(_patience.TotalSeconds * _time.TimestampFrequency),
            cancellation);
        Wait(pending);
        _byDeadline.Enqueue(pending);
        if (Interlocked.Exchange(ref _isTicking, 1) == 0)
        {
            _timer.Change(_tick, Timeout.InfiniteTimeSpan);
        }

        SendSoon();
        return pending.Task;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    /// <summary>
    /// Sends what waits: at once where one comes at a time. Where several came together, more are about to come: it is sent behind what the threads
    /// have to do already, so that these go with it.
    /// </summary>
    private void SendSoon()
    {
        if (_link.IsUp)
        {
            _link.Wake();
        }
        else if (_lastCount < 2 || Volatile.Read(ref _waitingCount) >= MostInCall)
        {
            SendWaiting();
        }
        else if (Volatile.Read(ref _callsOut) == 0 && Interlocked.Exchange(ref _isSending, 1) == 0)
        {
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        // With a full fence: whoever still found it set has added theirs before this looks.
        Interlocked.Exchange(ref _isSending, 0);
        SendWaiting();
    }

    private void Wait(PendingSpending pending)
    {
        _waiting.Enqueue(pending);
        Interlocked.Increment(ref _waitingCount);
    }

    /// <summary>Sends what waits by the client library, unless the link takes it.</summary>
    public void SendWaiting()
    {
        while (!_waiting.IsEmpty && !_link.IsUp)
        {
            int out_ = Volatile.Read(ref _callsOut);
            if (out_ >= MostCalls || (out_ > 0 && Volatile.Read(ref _waitingCount) < MostInCall))
            {
                // Whoever brings a call back looks again.
                return;
            }

            if (Interlocked.CompareExchange(ref _callsOut, out_ + 1, out_) != out_)
            {
                continue;
            }

            SpendCall? call = TakeWaiting();
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

    /// <summary>Takes what is to go in the next call; null = nothing waits.</summary>
    public SpendCall? TakeWaiting()
    {
        SpendCall? call = null;
        Completions cancelled = default;
        while ((call?.Count ?? 0) < MostInCall && _waiting.TryDequeue(out PendingSpending? pending))
        {
            Interlocked.Decrement(ref _waitingCount);
            if (pending.Cancellation.IsCancellationRequested)
            {
                if (pending.TryFail(new OperationCanceledException(pending.Cancellation)) is not null)
                {
                    cancelled.Add(pending);
                }
            }
            else if (pending.TrySend())
            {
                (call ??= new SpendCall()).Add(pending);
            }
        }

        cancelled.RunElsewhere();
        _lastCount = call?.Count ?? 0;
        return call;
    }

    private async Task SendAsync(SpendCall call)
    {
        Completions completed = default;
#pragma warning disable CA1031 // Whatever went wrong, the ones that wait must hear of it.
        try
        {
            byte[] answer = await _calls.DecideAsync(
                "spend", database => _client.EvaluateAsync(database, call, _clock), CancellationToken.None).ConfigureAwait(false);
            Complete(call, answer, ref completed);
        }
        catch (Exception error)
        {
            Fail(call, error, ref completed);
        }
#pragma warning restore CA1031

        completed.RunHere();
        Interlocked.Decrement(ref _callsOut);
        SendWaiting();
    }

    /// <summary>Completes a call's spendings with its answer.</summary>
    /// <param name="completed">To those whose callers are to go on, these are added.</param>
    public void Complete(SpendCall call, ReadOnlySpan<byte> answer, ref Completions completed)
    {
        SpendingReply reply = new(answer);
        _clock.Learn(reply.NowUs, _time);
        int uncertain = 0;
        foreach (PendingSpending pending in call)
        {
            SpendingReplyStatus status = reply.Next(pending.Spending, out SpendResult result);
            bool isCompleted = status switch
            {
                SpendingReplyStatus.NeedsWindow => !TrySendAgain(pending, reply.NeededUs),
                SpendingReplyStatus.Damaged or SpendingReplyStatus.Foreign => pending.TryFail(DamagedCounter.Exception(status)) is not null,
                _ => pending.TryComplete(result),
            };
            if (isCompleted)
            {
                completed.Add(pending);

                // Whoever asked waited less long than this queue does, and was told that it may have been done.
                uncertain += status == SpendingReplyStatus.Done && !pending.Spending.IsPeek && pending.Cancellation.IsCancellationRequested ? 1 : 0;
            }
        }

        if (uncertain > 0)
        {
            _metrics.Uncertain(uncertain);
        }
    }

    // False = it was failed here.
    private bool TrySendAgain(PendingSpending pending, long neededUs)
    {
        if (pending.Attempts >= MostAttempts)
        {
            return pending.TryFail(new StoreException("The clock of Redis jumps: no calendar period could be found for it.")) is null;
        }

        if (pending.TryWaitAgain())
        {
            pending.Bytes = SpendingWriter.Write(pending.Spending, SpendingSubjects.Of(pending.Spending), neededUs);
            Wait(pending);
        }

        return true;
    }

    /// <summary>Fails a call's spendings.</summary>
    /// <param name="completed">To those whose callers are to go on, these are added.</param>
    public void Fail(SpendCall call, Exception error, ref Completions completed)
    {
        bool isUncertain = error is StoreException { InnerException: { } cause } && RedisFailure.Of(cause, _patience).IsUncertain;
        int uncertain = 0;
        foreach (PendingSpending pending in call)
        {
            if (pending.TryFail(error is StoreException store ? new StoreException(store.Message, store.InnerException) : error) is { } wasSent)
            {
                uncertain += wasSent ? 1 : 0;
                completed.Add(pending);
            }
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
        Completions completed = default;
        while (_byDeadline.TryPeek(out PendingSpending? oldest) && (oldest.IsCompleted || now >= oldest.Deadline))
        {
            _byDeadline.TryDequeue(out _);
            if (!oldest.IsCompleted
                && oldest.TryFail(RedisFailure.Of(new TimeoutException(), _patience).ToException(new TimeoutException())) is { } wasSent)
            {
                uncertain += wasSent ? 1 : 0;
                completed.Add(oldest);
            }
        }

        completed.RunElsewhere();

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
