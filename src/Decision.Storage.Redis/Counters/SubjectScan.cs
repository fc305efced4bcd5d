using System.Runtime.CompilerServices;
using Decision.Runtime.Stores;
using Decision.Storage.Redis.Connections;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Counters;

/// <summary>Walks over the hashes of all subjects, on every master, without holding Redis up.</summary>
internal sealed class SubjectScan(RedisConnection connection, RedisKeys names)
{
    private const int PageSize = 250;

    /// <summary>Pages of names; one that is there from the beginning to the end comes at least once.</summary>
    /// <exception cref="StoreException">A master does not answer.</exception>
    public async IAsyncEnumerable<IReadOnlyList<RedisKey>> PagesAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (IServer server in connection.Multiplexer.GetServers())
        {
            if (server.IsReplica || server.ServerType == ServerType.Sentinel)
            {
                continue;
            }

            List<RedisKey> page = [];
            IAsyncEnumerator<RedisKey> keys = server.KeysAsync(pattern: names.SubjectPattern, pageSize: PageSize).GetAsyncEnumerator(cancellation);
            await using ConfiguredAsyncDisposable closing = keys.ConfigureAwait(false);
            while (await NextAsync(keys, cancellation).ConfigureAwait(false))
            {
                page.Add(keys.Current);
                if (page.Count == PageSize)
                {
                    yield return page;
                    page = [];
                }
            }

            if (page.Count > 0)
            {
                yield return page;
            }
        }
    }

    private static async ValueTask<bool> NextAsync(IAsyncEnumerator<RedisKey> keys, CancellationToken cancellation)
    {
        try
        {
            // The library looks at the token between two answers only; a stop does not wait for one.
            return await keys.MoveNextAsync().AsTask().WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception error) when (RedisFailure.IsFailure(error))
        {
            throw RedisFailure.Of(error, TimeSpan.Zero).ToException(error);
        }
    }
}
