using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Storage.Redis;

/// <summary>
/// Whether Redis answers and takes writes; on a cluster, whether every master does. It asks past the circuit breaker: what one master of many does
/// not answer here is no reason to stop asking the others.
/// </summary>
internal sealed class RedisStoreHealth(RedisConnection connection, RedisKeys keys, IOptions<RedisStorageOptions> options, TimeProvider time) : IStoreHealth
{
    private const int Slots = 16_384;

    // A number of a probe for each slot. So many numbers miss no slot; a miss would cost a probe, not more.
    private readonly Lazy<int[]> _probes = new(() =>
    {
        int[] probes = new int[Slots];
        for (int number = 0; number < 20 * Slots; number++)
        {
            probes[connection.Multiplexer.HashSlot(keys.OfProbe(number))] = number;
        }

        return probes;
    });

    public string Part => "redis";

    public async ValueTask<string?> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await ProbeAsync(connection.Database).WaitAsync(options.Value.AdminTimeout, time, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (StoreException error)
        {
            return error.Message;
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            RedisFailure failure = RedisFailure.Of(error, options.Value.AdminTimeout);
            if (failure.Word == "readonly")
            {
                connection.Reconfigure();
            }

            return failure.Word == "connection" ? await WhyAsync(failure, cancellation).ConfigureAwait(false) : failure.Sentence;
        }
        catch (OperationCanceledException)
        {
            return $"Redis at {connection.Target} did not answer in time.";
        }
    }

    // Credentials and TLS are for people to mend: they are told from a Redis that is gone.
    private async ValueTask<string> WhyAsync(RedisFailure failure, CancellationToken cancellation)
    {
        try
        {
            return await connection.TryAsync().WaitAsync(cancellation).ConfigureAwait(false) is { } error
                && RedisFailure.Of(error, options.Value.AdminTimeout) is { Word: "auth" or "tls" } refusal
                ? refusal.Sentence
                : failure.Sentence;
        }
        catch (OperationCanceledException)
        {
            return failure.Sentence;
        }
    }

    // A write that never changes anything is refused like any other write.
    private Task<bool[]> ProbeAsync(IDatabase database) => Task.WhenAll(Names().Select(
        name => database.StringSetAsync(name, "", when: When.Exists, flags: CommandFlags.DemandMaster)));

    private IEnumerable<RedisKey> Names()
    {
        ClusterConfiguration? cluster = connection.IsCluster
            ? connection.Multiplexer.GetServers().FirstOrDefault(server => server is { IsConnected: true, ClusterConfiguration: not null })?.ClusterConfiguration
            : null;
        return cluster is null
            ? [keys.OfProbe(0)]
            : cluster.Nodes.Where(node => !node.IsReplica && node.Slots.Count > 0).Select(node => keys.OfProbe(_probes.Value[node.Slots[0].From]));
    }
}
