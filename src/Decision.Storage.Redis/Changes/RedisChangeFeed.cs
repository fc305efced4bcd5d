using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Changes;

/// <summary>
/// What every write tells on one channel: <c>key &lt;id&gt;</c> or <c>documents</c>; <c>echo ...</c> is a server's question to itself. What this
/// process writes comes back too, and on a cluster a message may come twice, by two servers. Redis keeps no message for who is not connected: each
/// time that the subscription stands again, listeners are told so.
/// </summary>
internal sealed class RedisChangeFeed : IChangeFeed, IDisposable
{
    private const string KeyWord = "key ";
    private const string EchoWord = "echo ";
    private const int FailuresToSay = 4;
    private const int MostPauses = 20;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);
    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Rerun _subscribing;
    private readonly ITimer _retry;
    private readonly Action<RedisChannel, RedisValue> _handler;
    private readonly Lock _gate = new();
    private volatile IChangeListener[] _listeners = [];
    private bool _isWatching;
    private ConnectionMultiplexer? _subscribedTo;
    private volatile Echo? _echo;
    private int _failures;

    public RedisChangeFeed(RedisConnection connection, RedisKeys keys, TimeProvider time, ILogger<RedisChangeFeed> log)
    {
        (_connection, _keys, _time, _log) = (connection, keys, time, log);
        _subscribing = new Rerun(SubscribeAsync);
        _retry = time.CreateTimer(_ => _subscribing.Ask(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _handler = (_, message) => Tell(message);
    }

    /// <inheritdoc />
    public IDisposable Subscribe(IChangeListener listener)
    {
        lock (_gate)
        {
            _listeners = [.. _listeners, listener];
            if (!_isWatching)
            {
                _isWatching = true;
                _connection.Established += _subscribing.Ask;
                _subscribing.Ask();
            }
        }

        return new Subscription(this, listener);
    }

    public void Dispose()
    {
        _connection.Established -= _subscribing.Ask;
        _retry.Dispose();
    }

    private async Task SubscribeAsync()
    {
        try
        {
            if (!_connection.IsBegun)
            {
                return;
            }

            ConnectionMultiplexer multiplexer = _connection.Multiplexer;
            ISubscriber subscriber = multiplexer.GetSubscriber();
            bool isHeard = false;
            if (_subscribedTo == multiplexer)
            {
                isHeard = await HearsItselfAsync(subscriber).ConfigureAwait(false);
                if (!isHeard)
                {
                    await subscriber.UnsubscribeAsync(_keys.Changes, _handler).ConfigureAwait(false);
                }
            }

            if (!isHeard)
            {
                _subscribedTo = multiplexer;
                await subscriber.SubscribeAsync(_keys.Changes, _handler).ConfigureAwait(false);
                isHeard = await HearsItselfAsync(subscriber).ConfigureAwait(false);
            }

            if (!isHeard)
            {
                TryLater("nothing is heard on the channel");
                return;
            }

            _failures = 0;
            Tell(static listener => listener.Connected());
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            TryLater(RedisFailure.Of(error, TimeSpan.Zero).Sentence);
        }
    }

    /// <summary>
    /// Whether a message comes back. The library says that it is subscribed also where it is not any more: when the connection of pushes is back
    /// before that of the commands.
    /// </summary>
    private async Task<bool> HearsItselfAsync(ISubscriber subscriber)
    {
        Echo echo = new(EchoWord + Guid.NewGuid().ToString("N"), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _echo = echo;
        try
        {
            await subscriber.PublishAsync(_keys.Changes, echo.Text).WaitAsync(Patience, _time).ConfigureAwait(false);
            await echo.Heard.Task.WaitAsync(Patience, _time).ConfigureAwait(false);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    // The connection of pushes may only be on its way: the first failures are no news.
    private void TryLater(string problem)
    {
        if (++_failures == FailuresToSay)
        {
            RedisStorageLog.NotSubscribed(_log, problem);
        }

        _retry.Change(FirstPause * Math.Min(_failures, MostPauses), Timeout.InfiniteTimeSpan);
    }

    private void Tell(RedisValue message)
    {
        string text = message.ToString();
        if (text.StartsWith(EchoWord, StringComparison.Ordinal))
        {
            if (_echo is { } echo && echo.Text == text)
            {
                echo.Heard.TrySetResult();
            }
        }
        else if (text.StartsWith(KeyWord, StringComparison.Ordinal))
        {
            string keyId = text[KeyWord.Length..];
            Tell(listener => listener.KeyChanged(keyId));
        }
        else if (text == "documents")
        {
            Tell(static listener => listener.DocumentsChanged());
        }
    }

    private void Tell(Action<IChangeListener> what)
    {
        foreach (IChangeListener listener in _listeners)
        {
            what(listener);
        }
    }

    private sealed record Echo(string Text, TaskCompletionSource Heard);

    private sealed class Subscription(RedisChangeFeed feed, IChangeListener listener) : IDisposable
    {
        private bool _isDisposed;

        public void Dispose()
        {
            lock (feed._gate)
            {
                if (!_isDisposed)
                {
                    _isDisposed = true;
                    feed._listeners = [.. feed._listeners.Except([listener])];
                }
            }
        }
    }
}
