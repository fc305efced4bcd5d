using System.Globalization;
using System.Net;
using Decision.Runtime.Hosting;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Storage.Redis;

/// <summary>
/// Whether Redis is set up to keep what it acknowledges: read at each connection, of every master, and said in the log and in readiness. What cannot
/// be read, because the user may not ask for it, is logged and held for right.
/// </summary>
internal sealed class RedisSettingsPart : IStatusPart
{
    /// <summary>What the scripts need.</summary>
    public static readonly Version OldestVersion = new(6, 2);

    private static readonly string[] Settings = ["appendonly", "appendfsync", "maxmemory", "maxmemory-policy"];
    private readonly RedisConnection _connection;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Rerun _checking;
    private volatile string? _problem;

    public RedisSettingsPart(RedisConnection connection, IOptions<RedisStorageOptions> options, TimeProvider time, ILogger<RedisSettingsPart> log)
    {
        (_connection, _patience, _time, _log) = (connection, options.Value.AdminTimeout, time, log);
        _checking = new Rerun(CheckAsync);
    }

    /// <summary>Raised after each check.</summary>
    internal event Action? Checked;

    /// <inheritdoc />
    public string Name => "redis-settings";

    /// <inheritdoc />
    /// <remarks>As of the last check.</remarks>
    public string? Problem => _problem;

    /// <summary>Checks at each connection from now on.</summary>
    public void Watch() => _connection.Established += _checking.Ask;

    /// <summary>Checks now.</summary>
    public async Task CheckAsync()
    {
        List<string> problems = [];
        if (_connection.IsBegun)
        {
            foreach (IServer server in _connection.Multiplexer.GetServers().Where(server => server is { IsConnected: true, IsReplica: false } && server.ServerType != ServerType.Sentinel))
            {
                problems.AddRange(await ProblemsOfAsync(server).ConfigureAwait(false));
            }
        }

        string? problem = problems.Count == 0 ? null : string.Join(' ', problems.Distinct(StringComparer.Ordinal));
        if (problem is not null && problem != _problem)
        {
            RedisStorageLog.SettingsWrong(_log, problem);
        }

        _problem = problem;
        Checked?.Invoke();
    }

    /// <summary>What is wrong with a server of the version and settings; what is not among the settings is held for right.</summary>
    internal static IEnumerable<string> ProblemsOf(string name, Version version, Dictionary<string, string> settings)
    {
        if (version < OldestVersion)
        {
            yield return $"Redis at {name} is version {version}: {OldestVersion} or later is needed.";
        }

        if (settings.GetValueOrDefault("appendonly") == "no")
        {
            yield return $"Redis at {name} has appendonly off: keys and policies written since its last snapshot are lost when it stops. Set appendonly yes, and appendfsync always to lose none.";
        }
        else if (settings.GetValueOrDefault("appendfsync") == "no")
        {
            yield return $"Redis at {name} has appendfsync no: keys and policies of the last half minute may be lost when its machine stops. Set appendfsync always to lose none, or everysec to lose at most about a second.";
        }

        if (settings.TryGetValue("maxmemory-policy", out string? policy) && policy != "noeviction" && settings.GetValueOrDefault("maxmemory", "0") != "0")
        {
            yield return $"Redis at {name} has maxmemory-policy {policy}: out of memory it drops keys and counters. Set maxmemory-policy noeviction.";
        }
    }

    private async Task<IEnumerable<string>> ProblemsOfAsync(IServer server)
    {
        string name = NameOf(server.EndPoint);
        Dictionary<string, string> settings = [];
        try
        {
            settings = await ConfigOfAsync(server).WaitAsync(_patience, _time).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is RedisServerException or RedisCommandException)
        {
            // Without the right to ask for settings, or on a managed Redis that has no such command, statistics tell most of it.
            try
            {
                settings = await StatisticsOfAsync(server).WaitAsync(_patience, _time).ConfigureAwait(false);
            }
            catch (Exception error) when (RedisFailure.IsFailure(error) || error is RedisCommandException)
            {
                RedisStorageLog.SettingsUnread(_log, name, RedisFailure.Of(error, _patience).Sentence);
            }
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            RedisStorageLog.SettingsUnread(_log, name, RedisFailure.Of(error, _patience).Sentence);
        }

        return ProblemsOf(name, server.Version, settings);
    }

    private static async Task<Dictionary<string, string>> ConfigOfAsync(IServer server)
    {
        Dictionary<string, string> settings = [];
        foreach (RedisResult answer in await Task.WhenAll(Settings.Select(setting => server.ExecuteAsync("CONFIG", "GET", setting))).ConfigureAwait(false))
        {
            foreach ((string setting, RedisResult value) in answer.ToDictionary())
            {
                settings[setting] = value.ToString();
            }
        }

        return settings;
    }

    private static async Task<Dictionary<string, string>> StatisticsOfAsync(IServer server)
    {
        Dictionary<string, string> statistics = [];
        foreach (string line in (await server.InfoRawAsync().ConfigureAwait(false) ?? "").Split('\n'))
        {
            if (line.Split(':', 2) is [string name, string value])
            {
                statistics[name] = value.Trim();
            }
        }

        Dictionary<string, string> settings = [];
        foreach ((string statistic, string setting) in new[] { ("aof_enabled", "appendonly"), ("maxmemory", "maxmemory"), ("maxmemory_policy", "maxmemory-policy") })
        {
            if (statistics.TryGetValue(statistic, out string? value))
            {
                settings[setting] = setting != "appendonly" ? value : value == "1" ? "yes" : "no";
            }
        }

        return settings;
    }

    private static string NameOf(EndPoint point) => point is DnsEndPoint dns
        ? string.Create(CultureInfo.InvariantCulture, $"{dns.Host}:{dns.Port}")
        : point.ToString() ?? "";
}
