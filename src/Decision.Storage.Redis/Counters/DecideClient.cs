using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// Calls of decide.lua by the client library, as a cluster, TLS and a proxy need it: by the function where every master has it, else as a script, which Redis
/// makes anew with each call. The function is loaded beside the decisions; none waits for that.
/// </summary>
internal sealed class DecideClient : IDisposable
{
    private const int Unknown = 0;
    private const int Loading = 1;
    private const int Loaded = 2;
    private const int Without = 3;

    // What is wrong now may be right then; the text to load is 30 KB.
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);

    private readonly RedisConnection _redis;
    private readonly TimeProvider _time;
    private int _state;

    public DecideClient(RedisConnection redis, TimeProvider time)
    {
        _redis = redis;
        _time = time;
        redis.Established += LookAgain;
    }

    /// <summary>Completed once it is known whether there are functions, after the first call asked for them.</summary>
    public Task Tried { get; private set; } = Task.CompletedTask;

    /// <inheritdoc />
    public void Dispose() => _redis.Established -= LookAgain;

    /// <summary>Decides what waits.</summary>
    public Task<byte[]> EvaluateAsync(IDatabase database, SpendCall call, ScriptClock clock)
    {
        var (keys, values) = DecideScript.ArgumentsOf(call, clock);
        return EvaluateAsync(database, keys, values);
    }

    /// <summary>Decides on one master.</summary>
    /// <param name="keys">All of one slot.</param>
    /// <exception cref="RedisException">As the client library throws it.</exception>
    public async Task<byte[]> EvaluateAsync(IDatabase database, RedisKey[] keys, RedisValue[] values)
    {
        if (Volatile.Read(ref _state) == Loaded)
        {
            try
            {
                return await DecideScript.CallFunctionAsync(database, keys, values).ConfigureAwait(false);
            }
            catch (RedisServerException error) when (DecideScript.IsWithoutFunction(error))
            {
                // It did nothing. A master that is new or was flushed gets it again; who may not call it is not helped by that.
                Interlocked.CompareExchange(ref _state, DecideScript.IsForbidden(error) ? Without : Unknown, Loaded);
            }
        }

        if (Interlocked.CompareExchange(ref _state, Loading, Unknown) == Unknown)
        {
            Tried = LoadAsync(database.Multiplexer);
        }

        return await DecideScript.EvaluateAsync(database, keys, values).ConfigureAwait(false);
    }

    // Rights may have been given since, or it is a newer server.
    private void LookAgain() => Interlocked.CompareExchange(ref _state, Unknown, Without);

    private async Task LoadAsync(IConnectionMultiplexer multiplexer)
    {
        int found = Unknown;
        try
        {
            foreach (IServer server in multiplexer.GetServers())
            {
                if (server is { IsConnected: true, IsReplica: false })
                {
                    await DecideScript.LoadFunctionAsync(server).ConfigureAwait(false);
                }
            }

            found = Loaded;
        }
        catch (Exception error) when (error is RedisCommandException || (error is RedisServerException refusal && DecideScript.HasNoFunctions(refusal)))
        {
            // None before 7.0, none behind some proxies, or this user may not.
            found = Without;
        }
        catch (Exception error) when (error is RedisException or TimeoutException)
        {
            await Task.Delay(BetweenAttempts, _time).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _state, found);
        }
    }
}
