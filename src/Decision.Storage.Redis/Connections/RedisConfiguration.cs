using Decision.Storage.Redis.Hosting;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Decision.Storage.Redis.Connections;

/// <summary>Reads the connection string, and sets what the store needs of a connection.</summary>
internal static class RedisConfiguration
{
    /// <summary>How soon a lost connection is noticed and tried again, and how often Sentinels are asked.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(200);

    /// <exception cref="OptionsValidationException">It cannot be read.</exception>
    public static ConfigurationOptions Read(RedisStorageOptions options)
    {
        ConfigurationOptions configuration;
        try
        {
            configuration = string.IsNullOrWhiteSpace(options.Configuration) ? new ConfigurationOptions() : ConfigurationOptions.Parse(options.Configuration);
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // The text may hold a password: it is not repeated.
            throw Wrong(
                $"Redis:Configuration cannot be read ({error.Message.Split('\n')[0]}): write host:port, then options after commas, such as 127.0.0.1:6379,user=decision,password=...,ssl=true.");
        }

        if (configuration.EndPoints.Count == 0)
        {
            throw Wrong("Redis:Configuration names no server: write host:port, such as 127.0.0.1:6379.");
        }

        // Redis may come later than the service.
        configuration.AbortOnConnectFail = false;

        // A call while there is no connection fails at once: waiting for one is what the deadline of a decision cannot afford.
        configuration.BacklogPolicy = BacklogPolicy.FailFast;
        configuration.HeartbeatInterval = Heartbeat;
        configuration.ReconnectRetryPolicy = new LinearRetry((int)Heartbeat.TotalMilliseconds);

        // Which server takes writes is asked each second: after a failover that was not announced, it is found within one.
        configuration.ConfigCheckSeconds = 1;

        // Names of the library's own, outside of the prefix, for what nobody here uses: a user with few rights need not have them.
        configuration.TieBreaker = "";
        configuration.ConfigurationChannel = "";

        // For CONFIG GET: what Redis may lose is read and told.
        configuration.AllowAdmin = true;
        configuration.ClientName ??= "decision";

        // Deadlines are kept here, per call; the library's own only clears what nobody waits for any more.
        configuration.AsyncTimeout = Math.Max(configuration.AsyncTimeout, (int)options.AdminTimeout.TotalMilliseconds);
        return configuration;
    }

    private static OptionsValidationException Wrong(string problem) =>
        new(nameof(RedisStorageOptions), typeof(RedisStorageOptions), [problem]);
}
