using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Changes;

/// <summary>
/// What every write tells on one channel: <c>key &lt;id&gt;</c> or <c>documents</c>. What this process writes comes back too, and
/// on a cluster a message may come twice, by two servers. Redis keeps no message for who is
/// not connected: each time that the subscription stands again, listeners are told so.
/// </summary>
internal sealed class RedisChangeFeed : IChangeFeed, IDisposable
{
    private const string KeyWord = "key ";
    private const int FailuresToSay = 4;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(250);
    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;
    private readonly ILogger _log;
    private readonly Rerun _subscribing;
    private readonly ITimer _retry;
    private readonly Action<RedisChannel, RedisValue> _handler;
    private readonly Lock _gate = new();
    private volatile IChangeListener[] _listeners = [];
    private bool _isWatching;
    private int _failures;

    public RedisChangeFeed(RedisConnection connection, RedisKeys keys, TimeProvider time, ILogger<RedisChangeFeed> log)
    {
        (_connection, _keys, _log) = (connection, keys, log);
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

            // Anew each time: the library forgets a subscription where its own connection is back before that of the commands. What is missed
            // in between is found by those who are told that it stands.
            ISubscriber subscriber = _connection.Multiplexer.GetSubscriber();
            await subscriber.UnsubscribeAsync(_keys.Changes, _handler).ConfigureAwait(false);
            await subscriber.SubscribeAsync(_keys.Changes, _handler).ConfigureAwait(false);
            _failures = 0;
            Tell(static listener => listener.Connected());
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            // The connection of pushes may only be on its way: its own event comes again, and who is told too soon cannot do anything.
            if (++_failures == FailuresToSay)
            {
                string problem = RedisFailure.Of(error, TimeSpan.Zero).Sentence;
                RedisStorageLog.NotSubscribed(_log, problem);
            }

            _retry.Change(RetryAfter, Timeout.InfiniteTimeSpan);
        }
    }

    private void Tell(RedisValue message)
    {
        string text = message.ToString();
        if (text.StartsWith(KeyWord, StringComparison.Ordinal))
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
