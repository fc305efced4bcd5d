using System.Globalization;

namespace Decision.TestKit.Redis;

/// <summary>A master with replicas that follow it, watched by three Sentinels, all on loopback; all of it ends with the test.</summary>
public sealed class RedisSentinel : IAsyncDisposable
{
    /// <summary>What the Sentinels call the set.</summary>
    public const string Service = "mymaster";

    private readonly List<RedisServer> _servers;

    private RedisSentinel(List<RedisServer> servers, IReadOnlyList<RedisServer> sentinels, string? password) =>
        (_servers, Sentinels, Password) = (servers, sentinels, password);

    /// <summary>The first master, then the first replicas.</summary>
    public IReadOnlyList<RedisServer> Servers => _servers;

    /// <summary>The Sentinels; two of them decide.</summary>
    public IReadOnlyList<RedisServer> Sentinels { get; }

    /// <summary>The connection string: the Sentinels' addresses and the set's name.</summary>
    public string Address => string.Join(',', Sentinels.Select(sentinel => sentinel.Address)) + ",serviceName=" + Service + (Password is null ? "" : ",password=" + Password);

    private string? Password { get; }

    /// <summary>Starts a set and waits until the replicas follow, and the Sentinels know them and one another.</summary>
    /// <param name="replicas">How many follow the master.</param>
    /// <param name="password">What the master and its replicas ask for; the Sentinels ask for none.</param>
    /// <param name="arguments">Settings of master and replicas, as on the command line.</param>
    public static async Task<RedisSentinel> StartAsync(int replicas, string? password = null, params string[] arguments)
    {
        string[] own = ["--repl-diskless-sync-delay", "0", .. password is null ? (string[])[] : ["--requirepass", password, "--masterauth", password], .. arguments];
        List<RedisServer> servers = [await RedisServer.StartAsync(own)];
        string port = servers[0].Port.ToString(CultureInfo.InvariantCulture);
        servers.AddRange(await Task.WhenAll(Enumerable.Range(0, replicas).Select(_ => RedisServer.StartAsync([.. own, "--replicaof", "127.0.0.1", port]))));
        string[] settings =
        [
            $"sentinel monitor {Service} 127.0.0.1 {port} 2",
            $"sentinel down-after-milliseconds {Service} 500",
            $"sentinel failover-timeout {Service} 3000",
            .. password is null ? (string[])[] : [$"sentinel auth-pass {Service} {password}"],
        ];
        RedisSentinel set = new(servers, [], password);
        await UntilAsync(() => set.CommandAsync(servers[0], "INFO", "replication"), text => Count(text, "state=online") == replicas);
        set = new(servers, await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RedisServer.StartSentinelAsync(settings))), password);
        foreach (RedisServer sentinel in set.Sentinels)
        {
            await UntilAsync(
                () => sentinel.CommandAsync("SENTINEL", "MASTER", Service),
                text => text.Contains("num-other-sentinels\n2\n", StringComparison.Ordinal) && text.Contains($"num-slaves\n{replicas}\n", StringComparison.Ordinal));
        }

        return set;
    }

    /// <summary>The master that the Sentinels name now.</summary>
    public async Task<RedisServer> MasterAsync()
    {
        string[] address = (await Sentinels[0].CommandAsync("SENTINEL", "GET-MASTER-ADDR-BY-NAME", Service)).Split('\n');
        return _servers.Single(server => server.Port == int.Parse(address[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Has a replica take over while the master runs; answers when the Sentinels have begun with it.</summary>
    public Task FailOverAsync() => Sentinels[0].CommandAsync("SENTINEL", "FAILOVER", Service);

    /// <summary>Waits until the Sentinels name another master, and it takes writes.</summary>
    public async Task<RedisServer> OtherMasterAsync(RedisServer old)
    {
        RedisServer master = old;
        await UntilAsync(async () => (master = await MasterAsync()) == old ? "" : await CommandAsync(master, "ROLE"), text => text.StartsWith("master", StringComparison.Ordinal));
        return master;
    }

    /// <summary>Waits until so many replicas follow a server.</summary>
    public Task UntilFollowedAsync(RedisServer master, int replicas) =>
        UntilAsync(() => CommandAsync(master, "INFO", "replication"), text => Count(text, "state=online") == replicas);

    /// <summary>Runs a command on a server of the set.</summary>
    public Task<string> CommandAsync(RedisServer server, params string[] command) =>
        RedisCli.RunAsync(server.Port, Password is null ? command : ["--no-auth-warning", "-a", Password, .. command]);

    public async ValueTask DisposeAsync()
    {
        foreach (RedisServer server in Sentinels.Concat(_servers))
        {
            await server.DisposeAsync();
        }
    }

    // Each asking is a process of its own; that is pause enough.
    private static async Task UntilAsync(Func<Task<string>> askAsync, Predicate<string> isExpected)
    {
        string answer = "";
        for (int attempt = 0; attempt < 5_000; attempt++)
        {
            answer = (await askAsync()).ReplaceLineEndings("\n") + "\n";
            if (isExpected(answer))
            {
                return;
            }
        }

        Assert.Fail("The set did not come to the state: " + answer);
    }

    private static int Count(string text, string word) => text.Split(word).Length - 1;
}
