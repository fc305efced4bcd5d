using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>
/// Every question to Redis: with a deadline, behind a circuit breaker, measured, and with its failure told as a
/// <see cref="Runtime.Stores.StoreException"/>.
/// </summary>
internal sealed class RedisCalls
{
    private readonly RedisConnection _connection;
    private readonly RedisStorageOptions _options;
    private readonly RedisMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly RedisBreakers _breakers;
    private volatile string? _problem;

    public RedisCalls(
        RedisConnection connection, IOptions<RedisStorageOptions> options, RedisMetrics metrics, TimeProvider time, ILogger<RedisCalls> log)
    {
        _connection = connection;
        _options = options.Value;
        _metrics = metrics;
        _time = time;
        _breakers = new RedisBreakers(
            _options.BreakDuration,
            time,
            duration => RedisStorageLog.BreakerOpened(log, _problem ?? "", duration.TotalMilliseconds),
            () => RedisStorageLog.BreakerClosed(log));
        metrics.ObserveBreaker(() => _breakers.State);
    }

    /// <summary>Why the last call failed; null = it did not.</summary>
    public string? Problem => _problem;

    /// <summary>A question on the way of a decision: with the short deadline.</summary>
    /// <exception cref="Runtime.Stores.StoreException">Redis did not answer.</exception>
    public ValueTask<T> DecideAsync<T>(string operation, Func<IDatabase, Task<T>> call, CancellationToken cancellation) =>
        AskAsync(operation, _breakers.Whole, call, _options.Timeout, cancellation);

    /// <summary>A question on the way of a decision about names of one slot: on a cluster, what other masters do not answer does not keep it from being asked.</summary>
    /// <param name="name">One of the names.</param>
    /// <exception cref="Runtime.Stores.StoreException">Redis did not answer.</exception>
    public ValueTask<T> DecideAsync<T>(string operation, RedisKey name, Func<IDatabase, Task<T>> call, CancellationToken cancellation) =>
        AskAsync(operation, _connection.IsCluster ? _breakers.OfSlot(_connection.Multiplexer.HashSlot(name)) : _breakers.Whole, call, _options.Timeout, cancellation);

    /// <summary>A question on the way of a decision that is asked on this thread; whoever asks keeps the short deadline.</summary>
    /// <exception cref="Runtime.Stores.StoreException">Redis did not answer.</exception>
    public void Decide<TState>(string operation, Action<TState> call, TState state)
    {
        long startedAt = _time.GetTimestamp();
        try
        {
            _breakers.Whole.Execute(call, state);
            _problem = null;
            _metrics.Answered(operation, _time.GetElapsedTime(startedAt));
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            throw Failed(operation, error, _options.Timeout, startedAt);
        }
    }

    /// <summary>A question of administration: with the long deadline.</summary>
    /// <exception cref="Runtime.Stores.StoreException">Redis did not answer.</exception>
    public ValueTask<T> AdministerAsync<T>(string operation, Func<IDatabase, Task<T>> call, CancellationToken cancellation) =>
        AskAsync(operation, _breakers.Whole, call, _options.AdminTimeout, cancellation);

    private async ValueTask<T> AskAsync<T>(
        string operation, ResiliencePipeline breaker, Func<IDatabase, Task<T>> call, TimeSpan deadline, CancellationToken cancellation)
    {
        long startedAt = _time.GetTimestamp();
        try
        {
            T answer = await breaker.ExecuteAsync(
                static async (state, cancellation) =>
                    await state.call(state._connection.Database).WaitAsync(state.deadline, state._time, cancellation).ConfigureAwait(false),
                (call, _connection, deadline, _time),
                cancellation).ConfigureAwait(false);
            _problem = null;
            _metrics.Answered(operation, _time.GetElapsedTime(startedAt));
            return answer;
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            throw Failed(operation, error, deadline, startedAt);
        }
    }

    private Runtime.Stores.StoreException Failed(string operation, Exception error, TimeSpan deadline, long startedAt)
    {
        RedisFailure failure = RedisFailure.Of(error, deadline);
        if (failure.Word != "breaker")
        {
            _problem = failure.Sentence;
            _metrics.Answered(operation, _time.GetElapsedTime(startedAt));
        }

        _metrics.Failed(operation, failure.Word);
        if (failure.Word is "readonly" || (failure.Word is "connection" && _connection.IsConnected))
        {
            _connection.Reconfigure();
        }

        return failure.ToException(error);
    }
}
