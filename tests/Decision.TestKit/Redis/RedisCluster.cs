using System.Globalization;

namespace Decision.TestKit.Redis;

/// <summary>A Redis Cluster of three masters on loopback; all of it ends with the test.</summary>
public sealed class RedisCluster : IAsyncDisposable
{
    private RedisCluster(IReadOnlyList<RedisServer> masters) => Masters = masters;

    /// <summary>The masters; each has about a third of the slots.</summary>
    public IReadOnlyList<RedisServer> Masters { get; }

    /// <summary>All addresses, as a connection string begins.</summary>
    public string Address => string.Join(',', Masters.Select(master => master.Address));

    /// <summary>Starts a cluster and waits until every server of it takes commands for every slot.</summary>
    /// <param name="arguments">Settings of each server, as on the command line.</param>
    public static async Task<RedisCluster> StartAsync(params string[] arguments)
    {
        RedisServer[] masters = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => RedisServer.StartAsync(
            [.. (string[])["--cluster-enabled", "yes", "--cluster-config-file", "nodes.conf", "--cluster-node-timeout", "2000"], .. arguments])));
        RedisCluster cluster = new(masters);
        await masters[0].CommandAsync(["--cluster", "create", .. masters.Select(master => master.Address), "--cluster-yes"]);
        foreach (RedisServer master in masters)
        {
            // Each asking is a process of its own; that is pause enough.
            string state = "";
            for (int attempt = 0; attempt < 1_000 && !state.Contains("cluster_state:ok", StringComparison.Ordinal); attempt++)
            {
                state = await master.CommandAsync("CLUSTER", "INFO");
            }

            Assert.Contains("cluster_state:ok", state);
        }

        return cluster;
    }

    /// <summary>The master of a key's slot.</summary>
    public async Task<RedisServer> MasterOfAsync(string key)
    {
        int slot = int.Parse(await Masters[0].CommandAsync("CLUSTER", "KEYSLOT", key), CultureInfo.InvariantCulture);
        foreach (string line in (await Masters[0].CommandAsync("CLUSTER", "NODES")).Split('\n'))
        {
            string[] words = line.Trim().Split(' ');
            foreach (string[] range in words.Skip(8).Select(word => word.Split('-')))
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
        foreach (RedisServer master in Masters)
        {
            await master.DisposeAsync();
        }
    }
}
