using System.Globalization;
using System.Net;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>The connection that everything goes through. It is begun once and mends itself; nobody waits for it but at the start.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly ConfigurationOptions _configuration;
    private readonly MasterFollower? _follower;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private Task? _connecting;
    private volatile ConnectionMultiplexer? _multiplexer;
    private volatile bool _isCluster;
    private volatile bool _isDisposed;
    private int _isReconfiguring;

    /// <exception cref="OptionsValidationException">The connection string cannot be read.</exception>
    public RedisConnection(IOptions<RedisStorageOptions> options, ILogger<RedisConnection> log)
    {
        _log = log;
        _configuration = RedisConfiguration.Read(options.Value);
        _follower = _configuration.ServiceName is null
            ? null
            : new MasterFollower(new SentinelSet(_configuration, options.Value), options.Value.AdminTimeout, GoTo, log);
    }

    /// <summary>A connection was made or made again, or the servers' parts changed: messages may have been missed.</summary>
    public event Action? Established;

    /// <summary>Whether names must share a slot to be used together.</summary>
    public bool IsCluster => _isCluster;

    /// <summary>Whether there is a <see cref="Multiplexer"/>, connected or not.</summary>
    public bool IsBegun => _multiplexer is not null;

    /// <summary>Whether any server is connected.</summary>
    public bool IsConnected => _multiplexer is { IsConnected: true };

    /// <summary>Where it connects to, without credentials; of a Sentinel set the Sentinels.</summary>
    public string Target => string.Join(',', _configuration.EndPoints.Select(TextOf));

    /// <summary>How the server of <see cref="DirectEndPoint"/> is connected.</summary>
    public ConfigurationOptions Configuration => _follower?.Configuration ?? _configuration;

    /// <summary>
    /// The server that takes writes, where it can be asked without the client library: no cluster, no TLS and nothing between. Null = it cannot, or none is connected.
    /// </summary>
    public EndPoint? DirectEndPoint
    {
        get
        {
            bool isPlain = !_isCluster && !_configuration.Ssl && _configuration.Tunnel is null && _configuration.Proxy == Proxy.None;
            return isPlain ? _multiplexer?.GetServers().FirstOrDefault(server => server.IsConnected && !server.IsReplica)?.EndPoint : null;
        }
    }

    /// <summary>The commands.</summary>
    /// <exception cref="StoreException">No connection was ever made.</exception>
    public IDatabase Database => Multiplexer.GetDatabase();

    /// <summary>The connection itself.</summary>
    /// <exception cref="StoreException">It is not begun yet.</exception>
    public ConnectionMultiplexer Multiplexer =>
        _multiplexer ?? throw new StoreException(_follower?.Problem ?? $"Redis at {Target} was not reached yet.");

    /// <summary>Begins to connect, and waits for the first attempt or the patience, whichever ends first. Never throws for a Redis that is not there.</summary>
    public async Task StartAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        Task connecting;
        lock (_gate)
        {
            connecting = _connecting ??= _follower is null ? ConnectAsync() : FollowAsync(_follower, time);
        }

        try
        {
            await connecting.WaitAsync(patience, time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // It goes on by itself.
        }
    }

    /// <summary>Asks the servers anew which of them takes writes: after an answer that says "I do not", or none that does. One at a time.</summary>
    public void Reconfigure()
    {
        if (Interlocked.Exchange(ref _isReconfiguring, 1) == 0)
        {
            _ = Task.Run(ReconfigureAsync);
        }
    }

    private async Task ReconfigureAsync()
    {
        try
        {
            if (_multiplexer is { } multiplexer && !_isDisposed)
            {
                await multiplexer.ConfigureAsync().ConfigureAwait(false);
                LearnTopology();
            }
        }
        catch (Exception error) when (error is RedisException or ObjectDisposedException or TimeoutException)
        {
            RedisStorageLog.ReconfigureFailed(_log, error);
        }
        finally
        {
            Volatile.Write(ref _isReconfiguring, 0);
        }
    }

    /// <summary>
    /// Why a new connection cannot be made; null = it can. The library remembers no more than what first broke a connection: not that the password
    /// is another one since.
    /// </summary>
    public async Task<Exception?> TryAsync()
    {
        if (_follower is { Master: null })
        {
            return null;
        }

        ConfigurationOptions once = _follower?.Configuration ?? _configuration.Clone();
        once.AbortOnConnectFail = true;
        once.ConnectRetry = 1;
        once.ConnectTimeout = 500;
        try
        {
            ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(once).ConfigureAwait(false);
            await multiplexer.DisposeAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            return error;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _isDisposed = true;
        if (_connecting is { } connecting)
        {
            await connecting.ConfigureAwait(false);
        }

        if (_follower is not null)
        {
            await _follower.DisposeAsync().ConfigureAwait(false);
        }

        if (_multiplexer is { } multiplexer)
        {
            await multiplexer.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task ConnectAsync()
    {
        ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(_configuration).ConfigureAwait(false);
        Use(multiplexer);
        if (multiplexer.IsConnected)
        {
            RedisStorageLog.Connected(_log, Target);
        }
        else
        {
            RedisStorageLog.NotConnected(_log, Target);
        }

        LearnTopology();
        Established?.Invoke();
    }

    private async Task FollowAsync(MasterFollower follower, TimeProvider time)
    {
        await follower.StartAsync(time).ConfigureAwait(false);
        if (!IsBegun)
        {
            RedisStorageLog.NoMaster(_log, Target, follower.Problem);
        }
    }

    private void GoTo(ConnectionMultiplexer multiplexer, EndPoint master)
    {
        Use(multiplexer);
        string target = TextOf(master);
        RedisStorageLog.MasterFound(_log, _follower!.Name, target);
        Established?.Invoke();
    }

    private void Use(ConnectionMultiplexer multiplexer)
    {
        multiplexer.ConnectionRestored += (_, args) => OnEstablished(multiplexer, args.ConnectionType, args.EndPoint);
        multiplexer.ConfigurationChanged += (_, _) => OnEstablished(multiplexer, ConnectionType.Interactive, null);
        multiplexer.ConnectionFailed += (_, args) =>
        {
            if (!_isDisposed && multiplexer == _multiplexer)
            {
                string target = TextOf(args.EndPoint);
                RedisStorageLog.ConnectionFailed(_log, target, args.ConnectionType, args.FailureType);
            }
        };
        _multiplexer = multiplexer;
    }

    private static string TextOf(EndPoint? point) => point switch
    {
        DnsEndPoint name => string.Create(CultureInfo.InvariantCulture, $"{name.Host}:{name.Port}"),
        _ => point?.ToString() ?? "",
    };

    private void OnEstablished(ConnectionMultiplexer multiplexer, ConnectionType type, EndPoint? endPoint)
    {
        if (multiplexer != _multiplexer)
        {
            return;
        }

        if (endPoint is not null && type == ConnectionType.Interactive)
        {
            string target = TextOf(endPoint);
            RedisStorageLog.Connected(_log, target);
        }

        LearnTopology();
        Established?.Invoke();
    }

    private void LearnTopology()
    {
        if (_multiplexer is { } multiplexer)
        {
            _isCluster = multiplexer.GetServers().Any(server => server.IsConnected && server.ServerType == ServerType.Cluster) || (_isCluster && !multiplexer.IsConnected);
        }
    }
}
