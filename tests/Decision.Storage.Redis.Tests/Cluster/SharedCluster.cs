using Decision.TestKit.Redis;

namespace Decision.Storage.Redis.Tests.Cluster;

/// <summary>One cluster for the tests that leave it as it is; each takes a prefix of its own.</summary>
[CollectionDefinition(Name)]
public sealed class SharedCluster : IAsyncLifetime, ICollectionFixture<SharedCluster>
{
    public const string Name = "Redis Cluster";

    private RedisCluster? _cluster;

    public RedisCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync() => _cluster = await RedisCluster.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }
}
