namespace Decision.Benchmarks.Load.Servers;

/// <summary>What can be driven.</summary>
internal static class ServerNames
{
    /// <summary>The bare server.</summary>
    public const string Bare = "bare";

    /// <summary>The server on the embedded store, in a file.</summary>
    public const string Embedded = "embedded";

    /// <summary>On the embedded store, with everything that watches decisions off.</summary>
    public const string Unobserved = "unobserved";

    /// <summary>On the embedded store, with everything that watches decisions on.</summary>
    public const string Observed = "observed";

    /// <summary>On the same Redis, with everything that watches decisions on.</summary>
    public const string RedisObserved = "redis_observed";

    /// <summary>On Redis.</summary>
    public const string Redis = "redis";

    /// <summary>On the same Redis, with leases.</summary>
    public const string Leased = "leased";

    /// <summary>On a Redis Cluster of three masters.</summary>
    public const string Cluster = "cluster";

    /// <summary>Several on the same Redis.</summary>
    public static IReadOnlyList<string> ReplicaNames { get; } = ["replica_1", "replica_2", "replica_3", "replica_4"];
}
