using System.Globalization;
using System.Net;
using Decision.Storage.Redis.Hosting;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>
/// Asks the Sentinels which server of their set is the master. The client library can follow Sentinels too, but holds threads while it asks them: where
/// there are few, every decision of the server then waits for seconds.
/// </summary>
internal sealed class SentinelSet : IAsyncDisposable
{
    private const int DefaultPort = 26_379;

    // Milliseconds.
    private const int MostToConnect = 1000;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    private readonly ConfigurationOptions _sentinels;
    private readonly ConfigurationOptions _servers;
    private ConnectionMultiplexer? _multiplexer;

    // Number of the failover that the last answer came from.
    private long _epoch = -1;

    /// <param name="configuration">As <see cref="RedisConfiguration"/> reads it, with a service name.</param>
    /// <param name="options">The Sentinels' own credentials.</param>
    public SentinelSet(ConfigurationOptions configuration, RedisStorageOptions options)
    {
        Name = configuration.ServiceName!;
        _sentinels = configuration.Clone();
        _sentinels.ServiceName = null;
        _sentinels.CommandMap = CommandMap.Sentinel;
        _sentinels.User = options.SentinelUser;
        _sentinels.Password = options.SentinelPassword;

        // The first question waits for all of them, so that none that missed a failover is the only one to answer.
        _sentinels.BacklogPolicy = BacklogPolicy.Default;

        // Why none can be reached, only a first connection tells.
        _sentinels.AbortOnConnectFail = true;
        _sentinels.ConnectRetry = 1;
        _sentinels.ConnectTimeout = Math.Min(_sentinels.ConnectTimeout, MostToConnect);
        _sentinels.EndPoints.Clear();
        foreach (EndPoint point in configuration.EndPoints)
        {
            _sentinels.EndPoints.Add(point switch
            {
                DnsEndPoint { Port: 0 } name => new DnsEndPoint(name.Host, DefaultPort),
                IPEndPoint { Port: 0 } address => new IPEndPoint(address.Address, DefaultPort),
                _ => point,
            });
        }

        _servers = configuration.Clone();
        _servers.ServiceName = null;
        _servers.EndPoints.Clear();

        // A server that cannot be reached is no master to go over to; the next question may name another one.
        _servers.AbortOnConnectFail = true;
        _servers.ConnectRetry = 1;
        _servers.ConnectTimeout = Math.Min(_servers.ConnectTimeout, MostToConnect);
        Problem = $"No Sentinel was asked yet for the master of {Name}.";
    }

    /// <summary>What the Sentinels call the set.</summary>
    public string Name { get; }

    /// <summary>Why there is no master to go to.</summary>
    public string Problem { get; private set; }

    /// <summary>How a server of the set is connected to.</summary>
    public ConfigurationOptions ConfigurationOf(EndPoint server)
    {
        ConfigurationOptions configuration = _servers.Clone();
        configuration.EndPoints.Add(server);
        return configuration;
    }

    /// <summary>The master that the newest of the Sentinels' decisions names; null = no Sentinel answers with one.</summary>
    public async Task<EndPoint?> MasterAsync(TimeProvider time)
    {
        try
        {
            _multiplexer ??= await ConnectionMultiplexer.ConnectAsync(_sentinels).ConfigureAwait(false);
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            Problem = NoneNames(Why(error));
            return null;
        }

        (EndPoint? Master, long Epoch, string? Problem)[] answers =
            await Task.WhenAll(_sentinels.EndPoints.Select(point => AskAsync(_multiplexer.GetServer(point), time))).ConfigureAwait(false);
        (EndPoint? master, long epoch, _) = answers.MaxBy(answer => answer.Master is null ? -1 : answer.Epoch);
        if (master is not null && epoch < _epoch && answers.Count(answer => answer.Master is not null) <= answers.Length / 2)
        {
            // The few that answer missed a failover.
            return null;
        }

        _epoch = master is null ? _epoch : epoch;
        Problem = master is null ? NoneNames(answers[0].Problem) : $"The master of {Name} cannot be reached.";
        return master;
    }

    /// <summary>A connection to the master; null = it cannot be reached, or is none.</summary>
    public async Task<ConnectionMultiplexer?> ConnectAsync(EndPoint master)
    {
        try
        {
            ConnectionMultiplexer multiplexer = await ConnectionMultiplexer.ConnectAsync(ConfigurationOf(master)).ConfigureAwait(false);
            if (multiplexer.GetServer(master) is { IsConnected: true, IsReplica: false })
            {
                return multiplexer;
            }

            await multiplexer.DisposeAsync().ConfigureAwait(false);
            Problem = $"The server that the Sentinels name as the master of {Name} takes no writes yet.";
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            Problem = $"The master of {Name}: {RedisFailure.Of(error, Patience).Sentence}";
        }

        return null;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _multiplexer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<(EndPoint? Master, long Epoch, string? Problem)> AskAsync(IServer sentinel, TimeProvider time)
    {
        if (_epoch >= 0 && !sentinel.IsConnected)
        {
            return (null, 0, "Redis cannot be reached.");
        }

        try
        {
            Dictionary<string, string> answer = (await sentinel.SentinelMasterAsync(Name).WaitAsync(Patience, time).ConfigureAwait(false))
                .ToDictionary(StringComparer.Ordinal);
            int port = int.Parse(answer["port"], CultureInfo.InvariantCulture);
            return (
                IPAddress.TryParse(answer["ip"], out IPAddress? address) ? new IPEndPoint(address, port) : new DnsEndPoint(answer["ip"], port),
                long.Parse(answer["config-epoch"], CultureInfo.InvariantCulture),
                null);
        }
        catch (RedisServerException unknown) when (unknown.Message.Contains("No such master", StringComparison.Ordinal))
        {
            return (null, 0, "they watch no set of this name (serviceName in Redis:Configuration).");
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            return (null, 0, Why(error));
        }
    }

    private static string Why(Exception error)
    {
        RedisFailure failure = RedisFailure.Of(error, Patience);
        return failure.Word == "auth" ? "they refuse the credentials (Redis:SentinelUser, Redis:SentinelPassword)." : failure.Sentence;
    }

    private string NoneNames(string? why) => $"No Sentinel names a master of {Name}: {why}";
}
