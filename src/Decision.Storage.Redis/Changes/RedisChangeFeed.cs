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
    private readonly RedisConnection _connection;
    private readonly RedisKeys _keys;
    private readonly ILogger _log;
    private readonly Rerun _subscribing;
    private readonly Lock _gate = new();
    private volatile IChangeListener[] _listeners = [];
    private bool _isWatching;
    private ISubscriber? _subscriber;

    public RedisChangeFeed(RedisConnection connection, RedisKeys keys, ILogger<RedisChangeFeed> log)
    {
        (_connection, _keys, _log) = (connection, keys, log);
        _subscribing = new Rerun(SubscribeAsync);
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

    public void Dispose() => _connection.Established -= _subscribing.Ask;

    private async Task SubscribeAsync()
    {
        try
        {
            if (!_connection.IsBegun)
            {
                return;
            }

            ConnectionMultiplexer multiplexer = _connection.Multiplexer;
            if (_subscriber?.Multiplexer != multiplexer)
            {
                // Once: the library keeps it over every reconnection, also where there is no connection at first. Only another master of a Sentinel set is another one.
                _subscriber = multiplexer.GetSubscriber();
                await _subscriber.SubscribeAsync(_keys.Changes, (_, message) => Tell(message)).ConfigureAwait(false);
            }

            // It has the subscription sent before it says that a connection stands. An answer on the same connection comes after it.
            await _subscriber.PingAsync().ConfigureAwait(false);
            if (_subscriber.IsConnected(_keys.Changes))
            {
                Tell(static listener => listener.Connected());
            }
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            // The next connection has it tried again; that there is none yet, or none any more, is told where it is made.
            RedisFailure failure = RedisFailure.Of(error, TimeSpan.Zero);
            if (!failure.IsUnsent)
            {
                RedisStorageLog.NotSubscribed(_log, failure.Sentence);
            }
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
