using System.Threading.Tasks.Sources;
using Decision.Runtime.Stores;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>A spending on its way to Redis and back. It is completed once: by the answer, a failure, or its deadline.</summary>
internal sealed class PendingSpending : IValueTaskSource<SpendResult>
{
    private const int Waiting = 0;
    private const int Sent = 1;
    private const int Completed = 2;

    private readonly Spending _spending;
    private ManualResetValueTaskSourceCore<bool> _source;
    private SpendResult _result;
    private Exception? _failure;
    private int _state;

    public PendingSpending(in Spending spending, RedisKey[] keys, byte[] bytes, long deadline, CancellationToken cancellation)
    {
        _spending = spending;
        Keys = keys;
        Bytes = bytes;
        Deadline = deadline;
        Cancellation = cancellation;
    }

    public ref readonly Spending Spending => ref _spending;

    public RedisKey[] Keys { get; }

    /// <summary>As the script reads it; written anew where a calendar's window turned out to be another one.</summary>
    public byte[] Bytes { get; set; }

    /// <summary>Time stamp of the runtime's clock at which an answer is too late.</summary>
    public long Deadline { get; }

    /// <summary>The caller's; looked at before it is sent, so that who gave up is not charged.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>How often it was sent.</summary>
    public int Attempts { get; private set; }

    /// <summary>In its call: the next one that asks for the same.</summary>
    public PendingSpending? Next { get; set; }

    public ValueTask<SpendResult> Task => new(this, _source.Version);

    public bool IsCompleted => Volatile.Read(ref _state) == Completed;

    /// <summary>Whether another asks for the same, so that one answer tells both. What has an idempotency key is answered by itself.</summary>
    public bool AsksSame(PendingSpending other) =>
        Bytes.AsSpan().SequenceEqual(other.Bytes) && Keys.AsSpan().SequenceEqual(other.Keys) && !SpendingWriter.IsNamed(_spending);

    /// <summary>Marks it as sent; false where it is completed already and must not be.</summary>
    public bool TrySend()
    {
        Attempts++;
        return Interlocked.CompareExchange(ref _state, Sent, Waiting) == Waiting;
    }

    /// <summary>Back among those that wait, for another attempt.</summary>
    public bool TryWaitAgain() => Interlocked.CompareExchange(ref _state, Waiting, Sent) == Sent;

    /// <summary>Completes it with an answer; whoever did so has to call <see cref="GoOn"/>.</summary>
    /// <returns>False where it was completed before.</returns>
    public bool TryComplete(in SpendResult result)
    {
        if (Interlocked.Exchange(ref _state, Completed) == Completed)
        {
            return false;
        }

        _result = result;
        return true;
    }

    /// <summary>Fails it; whoever did so has to call <see cref="GoOn"/>.</summary>
    /// <returns>Whether it had been sent, so that Redis may have done it; null = it was completed before.</returns>
    public bool? TryFail(Exception error)
    {
        int before = Interlocked.Exchange(ref _state, Completed);
        if (before == Completed)
        {
            return null;
        }

        _failure = error;
        return before == Sent;
    }

    /// <summary>Lets the caller go on, on this thread.</summary>
    public void GoOn()
    {
        if (_failure is not null)
        {
            _source.SetException(_failure);
        }
        else
        {
            _source.SetResult(true);
        }
    }

    SpendResult IValueTaskSource<SpendResult>.GetResult(short token)
    {
        _source.GetResult(token);
        return _result;
    }

    ValueTaskSourceStatus IValueTaskSource<SpendResult>.GetStatus(short token) => _source.GetStatus(token);

    void IValueTaskSource<SpendResult>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _source.OnCompleted(continuation, state, token, flags);
}
