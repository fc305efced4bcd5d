namespace Decision.Storage.Redis.Hosting;

/// <summary>Settings of the Redis store.</summary>
public sealed class RedisStorageOptions
{
    /// <summary>The StackExchange.Redis connection string: addresses, <c>user</c>, <c>password</c>, <c>ssl</c>, <c>serviceName</c> of a Sentinel set.</summary>
    /// <value>Default: <c>127.0.0.1:6379</c>.</value>
    public string Configuration { get; set; } = "127.0.0.1:6379";

    /// <summary>The user as which the Sentinels are asked; those of <see cref="Configuration"/> are for their master.</summary>
    /// <value>Default: null, the default user.</value>
    public string? SentinelUser { get; set; }

    /// <summary>The password that the Sentinels ask for.</summary>
    /// <value>Default: null, none.</value>
    public string? SentinelPassword { get; set; }

    /// <summary>What every name in Redis begins with, before the version of the layout. Services with another prefix share nothing.</summary>
    /// <value>Default: <c>decision:</c>; without braces, which Redis Cluster reads.</value>
    public string Prefix { get; set; } = "decision:";

    /// <summary>How long a decision waits for Redis at most, queueing included; what on_store_failure says decides then.</summary>
    /// <value>Default: 50 milliseconds; 1 millisecond to 10 seconds.</value>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long an act of administration, or a load of all policies, waits for Redis.</summary>
    /// <value>Default: 5 seconds; 10 milliseconds to 5 minutes.</value>
    public TimeSpan AdminTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary><c>Secrets:Key</c>, of which only a fingerprint is kept in Redis, to find replicas that have another one.</summary>
    /// <value>Default: null = none is set.</value>
    public byte[]? SecretsKey { get; set; }

    /// <summary>How long nothing is asked after repeated failures, before one call tries again.</summary>
    /// <value>Default: 500 milliseconds; 10 milliseconds to 1 minute.</value>
    public TimeSpan BreakDuration { get; set; } = TimeSpan.FromMilliseconds(500);
}
