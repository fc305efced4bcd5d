using System.Net;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>
/// A thread with a connection of its own that spends what waits, call after call. While Redis works on one call, the callers of the one before go on; what came meanwhile
/// goes with the next. Where it has no connection (docs/decisions/0017 says when), the queue sends by the client library.
/// </summary>
internal sealed class SpendLink : IDisposable
{
    // A connection that cannot be made now may be later, without anything that tells of it.
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostForConnecting = TimeSpan.FromSeconds(2);

    private readonly RedisConnection _redis;
    private readonly RedisCalls _calls;
    private readonly ScriptClock _clock;
    private readonly TimeSpan _timeout;
    private readonly ILogger _log;
    private readonly Lock _starting = new();
    private readonly object _gate = new();
    private readonly TaskCompletionSource _tried = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Action<SpendLink> _exchange = static link => link.Exchange();
    private SpendQueue? _queue;
    private Thread? _thread;
    private ScriptConnection? _connection;
    private EndPoint? _endPoint;
    private volatile bool _isUp;
    private volatile bool _isStopping;
    private volatile bool _isStale;
    private volatile bool _isIdle;

    // Of the call that is on its way: its spendings, and those of the one before, which go on meanwhile.
    private SpendCall _call = new();
    private Completions _before;
    private bool _isBroken;
    private bool _hasFunction;
    private string _told = "";

    public SpendLink(RedisConnection redis, RedisCalls calls, ScriptClock clock, IOptions<RedisStorageOptions> options, ILogger<SpendLink> log)
    {
        _redis = redis;
        _calls = calls;
        _clock = clock;
        _timeout = options.Value.Timeout;
        _log = log;
    }

    /// <summary>Whether it takes what waits.</summary>
    public bool IsUp => _isUp;

    /// <summary>Completed once it has tried to connect.</summary>
    public Task Tried => _tried.Task;

    /// <summary>Begins to serve a queue, once there is a connection to Redis.</summary>
    public void Serve(SpendQueue queue)
    {
        lock (_starting)
        {
            if (_thread is not null || _isStopping)
            {
                return;
            }

            _queue = queue;
            _redis.Established += LookAgain;
            _thread = new Thread(Run) { IsBackground = true, Name = "Redis decisions" };
            _thread.Start();
        }
    }

    /// <summary>Something waits.</summary>
    public void Wake()
    {
        if (_isIdle)
        {
            lock (_gate)
            {
                _isIdle = false;
                Monitor.Pulse(_gate);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _isStopping = true;
        _redis.Established -= LookAgain;
        Wake();
        lock (_starting)
        {
            // Who was told of a spending goes on in this thread, and may be the one that ends all of it: the thread ends after that.
            if (_thread != Thread.CurrentThread)
            {
                _thread?.Join(MostForConnecting);
            }
        }
    }

    // Another server may be the one that takes writes now.
    private void LookAgain()
    {
        _isStale = true;
        Wake();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            bool wasStale = _isStale;
            _isStale = false;
            if (wasStale || !_isUp)
            {
                // Connecting may take long: those whose call is over do not wait for it.
                GoOn();
                TryConnect();
            }

            if (_isUp && _queue!.TakeWaiting() is { } call)
            {
                Spend(call);
            }
            else
            {
                GoOn();
                Sleep();

                // Found here it costs no decision; found by one it may have been counted, and fails.
                if (_isUp && _connection!.IsCut)
                {
                    Disconnect();
                }
            }
        }

        GoOn();
        Disconnect();
    }

    private void Sleep()
    {
        lock (_gate)
        {
            _isIdle = true;
            Interlocked.MemoryBarrier();
            if (_isStopping || _isStale || (_isUp && _queue!.HasWaiting))
            {
                _isIdle = false;
            }
            else if (_isUp)
            {
                while (_isIdle)
                {
                    Monitor.Wait(_gate);
                }
            }
            else
            {
                Monitor.Wait(_gate, BetweenAttempts);
                _isIdle = false;
            }
        }
    }

    // To the server that takes writes now, if it is not the one that is connected.
    private void TryConnect()
    {
#pragma warning disable CA1031 // Nothing may end this thread, and decisions go on without it.
        try
        {
            EndPoint? endPoint = _redis.DirectEndPoint;
            if (_isUp && Equals(endPoint, _endPoint))
            {
                return;
            }

            Disconnect();
            if (endPoint is not null)
            {
                _connection = ScriptConnection.Open(endPoint, _redis.Configuration, MostForConnecting);
                _hasFunction = DecideScript.TryLoadFunction(_connection);
                _connection.SetTimeout(_timeout);
                _endPoint = endPoint;
                _told = "";
                _isUp = true;
            }
        }
        catch (Exception error)
        {
            Disconnect();
            string problem = RedisFailure.Of(error, MostForConnecting).Sentence;
            if (problem != _told)
            {
                _told = problem;
                RedisStorageLog.LinkFailed(_log, problem);
            }
        }
#pragma warning restore CA1031

        _tried.TrySetResult();
    }

    private void Disconnect()
    {
        _isUp = false;
        _isBroken = false;
        _connection?.Dispose();
        (_connection, _endPoint) = (null, null);

        // Who came before this was seen relies on this thread.
        Interlocked.MemoryBarrier();
        _queue!.SendWaiting();
    }

    private void Spend(SpendCall call)
    {
        _call = call;
        Completions completed = default;
#pragma warning disable CA1031 // Whatever went wrong, the ones that wait must hear of it.
        try
        {
            _calls.Decide("spend", _exchange, this);
            _queue!.Complete(call, _connection!.Answer, ref completed);
        }
        catch (Exception error)
        {
            GoOn();
            _queue!.Fail(call, error, ref completed);
        }
#pragma warning restore CA1031

        _before = completed;
        if (_isBroken)
        {
            Disconnect();
        }
    }

    private void Exchange()
    {
        try
        {
            ScriptForm form = _hasFunction ? ScriptForm.Function : ScriptForm.Name;
            while (!TryAsk(ref form))
            {
                // The next form.
            }
        }
        catch (Exception error)
        {
            // After any other error the connection is as good as before; what became a replica is not asked again.
            _isBroken = error is not RedisServerException server || server.Message.StartsWith("READONLY", StringComparison.Ordinal);
            throw;
        }
    }

    // False = the server does not know the script in this form, and did nothing.
    private bool TryAsk(ref ScriptForm form)
    {
        DecideScript.Send(_connection!, _call, _clock, form);
        GoOn();
        try
        {
            _connection!.Receive();
            return true;
        }
        catch (RedisServerException error) when (form == ScriptForm.Function && DecideScript.IsWithoutFunction(error))
        {
            // Forgotten by FUNCTION FLUSH or a restart, or not allowed any more.
            _hasFunction = DecideScript.TryLoadFunction(_connection!);
            form = ScriptForm.Name;
        }
        catch (RedisServerException error) when (form == ScriptForm.Name && RedisScript.IsUnknown(error))
        {
            form = ScriptForm.Text;
        }

        return false;
    }

    private void GoOn()
    {
        Completions before = _before;
        _before = default;
        before.RunHere();
    }
}
