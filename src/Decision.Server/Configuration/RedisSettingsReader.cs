namespace Decision.Server.Configuration;

/// <summary>Reads where and how Redis is asked.</summary>
internal static class RedisSettingsReader
{
    /// <summary>Null = it is not asked: the store is embedded.</summary>
    public static RedisSettings? Read(SettingsReader reader, IConfiguration configuration)
    {
        bool isRedis = reader.Word("Storage:Kind", false, ("embedded", false), ("redis", true));
        if (!isRedis)
        {
            if (configuration.GetSection("Redis").GetChildren().FirstOrDefault() is { } unused)
            {
                reader.Problems.Add($"{unused.Path} is only read where Storage:Kind is redis: write that too, or remove this.");
            }

            return null;
        }

        if (reader.Text("Storage:Path") is { } path)
        {
            reader.Wrong("Storage:Path", path, "it is only read where Storage:Kind is embedded; remove it, or write embedded");
        }

        string prefix = reader.Text("Redis:Prefix") ?? "decision:";
        if (prefix.AsSpan().ContainsAny('{', '}'))
        {
            reader.Wrong("Redis:Prefix", prefix, "leave out the braces; Redis Cluster reads the slot between the first ones");
        }

        return new RedisSettings(
            reader.Text("Redis:Configuration") ?? "127.0.0.1:6379",
            reader.Text("Redis:SentinelUser"),
            reader.Text("Redis:SentinelPassword"),
            prefix,
            reader.Duration("Redis:Timeout", TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(1)),
            reader.Duration("Redis:AdminTimeout", TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(10)),
            reader.Duration("Redis:BreakDuration", TimeSpan.FromMilliseconds(500), TimeSpan.FromMinutes(1), TimeSpan.FromMilliseconds(10)));
    }
}
