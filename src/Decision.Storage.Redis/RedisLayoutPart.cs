using System.Globalization;
using Decision.Runtime.Hosting;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Storage.Redis;

/// <summary>
/// Whether what lies under the prefix has the layout that this server knows. The first server leaves its number; a later layout raises it, and a server
/// of an earlier one would find none of its keys: it does not start, or says so where Redis came only later.
/// </summary>
internal sealed class RedisLayoutPart : IStatusPart
{
    private readonly RedisConnection _connection;
    private readonly RedisKeys _names;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Rerun _checking;
    private volatile string? _problem;

    public RedisLayoutPart(
        RedisConnection connection, RedisKeys names, IOptions<RedisStorageOptions> options, TimeProvider time, ILogger<RedisLayoutPart> log)
    {
        (_connection, _names, _patience, _time, _log) = (connection, names, options.Value.AdminTimeout, time, log);
        _checking = new Rerun(CheckAsync);
    }

    /// <summary>Raised after each check.</summary>
    internal event Action? Checked;

    /// <inheritdoc />
    public string Name => "redis-layout";

    /// <inheritdoc />
    /// <remarks>As of the last check.</remarks>
    public string? Problem => _problem;

    /// <summary>Checks at each connection from now on.</summary>
    public void Watch() => _connection.Established += _checking.Ask;

    /// <summary>Checks now.</summary>
    /// <exception cref="StoreException">It is a later layout.</exception>
    public async Task RequireAsync()
    {
        await CheckAsync().ConfigureAwait(false);
        if (_problem is { } problem)
        {
            throw new StoreException(problem);
        }
    }

    private async Task CheckAsync()
    {
        try
        {
            if (_connection.IsBegun)
            {
                Tell(ProblemOf(await StoredAsync(_connection.Database).WaitAsync(_patience, _time).ConfigureAwait(false)));
            }
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            // What was found last stays. A Redis that does not answer is told by a part of its own, and is asked again when it does.
        }

        Checked?.Invoke();
    }

    private async Task<string?> StoredAsync(IDatabase database)
    {
        RedisKey name = _names.LayoutMark;
        RedisValue stored = await database.StringGetAsync(name, CommandFlags.DemandMaster).ConfigureAwait(false);
        if (stored.IsNull)
        {
            await database.ExecuteAsync("SET", [name, RedisKeys.Layout.ToString(CultureInfo.InvariantCulture), "NX"], CommandFlags.DemandMaster).ConfigureAwait(false);
            stored = await database.StringGetAsync(name, CommandFlags.DemandMaster).ConfigureAwait(false);
        }

        return stored;
    }

    private string? ProblemOf(string? stored) =>
        stored is null || (int.TryParse(stored, NumberStyles.None, CultureInfo.InvariantCulture, out int layout) && layout <= RedisKeys.Layout)
            ? null
            : $"What Redis at {_connection.Target} holds was written by a newer version of this server (its layout is {stored}, this version knows up to {RedisKeys.Layout}): "
                + "start the newer version, or set Redis:Prefix to another one for a store of its own.";

    private void Tell(string? problem)
    {
        if (problem is not null && problem != _problem)
        {
            RedisStorageLog.LayoutNewer(_log, problem);
        }

        _problem = problem;
    }
}
