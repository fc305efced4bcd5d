using System.Globalization;

namespace Decision.TestKit.Redis;

/// <summary>A Redis Cluster of three masters on loopback; all of it ends with the test.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private RedisCluster(IReadOnlyList<RedisServer> masters, IReadOnlyList<RedisServer> replicas) => (Masters, Replicas) = (masters, replicas);

    /// <summary>The masters; each has about a third of the slots.</summary>
    public IReadOnlyList<RedisServer> Masters { get; }

    /// <summary>What follows the masters, one for each; none where it was started without.</summary>
    public IReadOnlyList<RedisServer> Replicas { get; }

    /// <summary>The masters' addresses, as a connection string begins.</summary>
    public string Address => string.Join(',', Masters.Select(master => master.Address));

    /// <summary>Starts a cluster and waits until every server of it takes commands for every slot.</summary>
    /// <param name="arguments">Settings of each server, as on the command line.</param>
    public static Task<RedisCluster> StartAsync(params string[] arguments) => StartAsync(false, arguments);

    /// <summary>Starts a cluster, where asked for with a replica of each master, and waits until every server of it takes commands.</summary>
    public static async Task<RedisCluster> StartAsync(bool hasReplicas, params string[] arguments)
    {
        RedisServer[] servers = await Task.WhenAll(Enumerable.Range(0, hasReplicas ? 6 : 3).Select(_ => RedisServer.StartAsync(
            [.. (string[])["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "2000"], .. arguments])));
        RedisCluster cluster = new(servers[..3], servers[3..]);
        await servers[0].CommandAsync(
            ["--cluster", "create", .. servers.Select(server => server.Address), "--cluster-replicas", hasReplicas ? "1" : "0", "--cluster-yes"]);
        foreach (RedisServer server in servers)
        {
            await UntilAsync(server, ["CLUSTER", "INFO"], "cluster_state:ok");
        }

        foreach (RedisServer replica in cluster.Replicas)
        {
            await UntilAsync(replica, ["INFO", "replication"], "master_link_status:up");
        }

        return cluster;
    }

    // Each asking is a process of its own; that is pause enough.
    private static async Task UntilAsync(RedisServer server, string[] command, string expected)
    {
        string state = "";
        for (int attempt = 0; attempt < 2_000 && !state.Contains(expected, StringComparison.Ordinal); attempt++)
        {
            state = await server.CommandAsync(command);
        }

        Assert.Contains(expected, state);
    }

    /// <summary>The slot of a key.</summary>
    public async Task<int> SlotOfAsync(string key) => int.Parse(await Masters[0].CommandAsync("CLUSTER", "KEYSLOT", key), CultureInfo.InvariantCulture);

    /// <summary>Moves a slot with all that is in it to another master, as a reshard does: key by key, while commands come.</summary>
    public async Task MoveSlotAsync(int slot, RedisServer from, RedisServer to)
    {
        string name = slot.ToString(CultureInfo.InvariantCulture);
        string source = await from.CommandAsync("CLUSTER", "MYID");
        string target = await to.CommandAsync("CLUSTER", "MYID");
        await DoAsync(to, "CLUSTER", "SETSLOT", name, "IMPORTING", source);
        await DoAsync(from, "CLUSTER", "SETSLOT", name, "MIGRATING", target);
        string[] keys;
        while ((keys = (await from.CommandAsync("CLUSTER", "GETKEYSINSLOT", name, "1000")).Split('\n', StringSplitOptions.RemoveEmptyEntries)).Length > 0)
        {
            await from.CommandAsync(["MIGRATE", "127.0.0.1", to.Port.ToString(CultureInfo.InvariantCulture), "", "0", "5000", "KEYS", .. keys]);
        }

        // The target first: it must not be sent back.
        foreach (RedisServer master in (RedisServer[])[to, from, .. Masters.Except([to, from])])
        {
            await DoAsync(master, "CLUSTER", "SETSLOT", name, "NODE", target);
        }
    }

    private static async Task DoAsync(RedisServer server, params string[] command) => Assert.Equal("OK", await server.CommandAsync(command));

    /// <summary>The master of a key's slot.</summary>
    public async Task<RedisServer> MasterOfAsync(string key)
    {
        int slot = await SlotOfAsync(key);
        foreach (string line in (await Masters[0].CommandAsync("CLUSTER", "NODES")).Split('\n'))
        {
            string[] words = line.Trim().Split(' ');
            foreach (string[] range in words.Skip(8).Where(word => !word.StartsWith('[')).Select(word => word.Split('-')))
            {
                if (int.Parse(range[0], CultureInfo.InvariantCulture) <= slot && slot <= int.Parse(range[^1], CultureInfo.InvariantCulture))
                {
                    return Masters.Single(master => words[1].StartsWith(master.Address + "@", StringComparison.Ordinal));
                }
            }
        }

        throw new InvalidOperationException($"No master has the slot {slot}.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (RedisServer server in Masters.Concat(Replicas))
        {
            await server.DisposeAsync();
        }
    }
}
