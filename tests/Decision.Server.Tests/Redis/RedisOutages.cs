using System.Globalization;
using Decision.TestKit.Redis;

namespace Decision.Server.Tests.Redis;

/// <summary>Makes a Redis fail, and mends it.</summary>
internal static class RedisOutages
{
    private const string Password = "another-password";

    /// <summary>The label of the failures that the server counts.</summary>
    public static string Kind(this RedisOutage outage) => outage switch
    {
        RedisOutage.Killed or RedisOutage.Locked => "connection",
        RedisOutage.Stopped => "timeout",
        RedisOutage.Busy => "busy",
        RedisOutage.OutOfMemory => "oom",
        RedisOutage.ReadOnly => "readonly",
        _ => "noreplicas",
    };

    public static async Task BreakAsync(this RedisServer redis, RedisOutage outage)
    {
        switch (outage)
        {
            case RedisOutage.Killed:
                await redis.KillAsync();
                break;
            case RedisOutage.Stopped:
                redis.Pause();
                break;
            case RedisOutage.Busy:
                await redis.CommandAsync("CONFIG", "SET", "busy-reply-threshold", "20");

                // Its end is that of the outage.
                _ = RedisCli.TryRunAsync(redis.Port, "EVAL", "while true do end", "0");
                break;
            case RedisOutage.OutOfMemory:
                await redis.CommandAsync("CONFIG", "SET", "maxmemory", "1");
                break;
            case RedisOutage.ReadOnly:
                // A master that is not there: what this one holds, it keeps.
                await redis.CommandAsync("REPLICAOF", "127.0.0.1", RedisServer.FreePort().ToString(CultureInfo.InvariantCulture));
                break;
            case RedisOutage.Alone:
                await redis.CommandAsync("CONFIG", "SET", "min-replicas-to-write", "1");
                break;
            default:
                await redis.CommandAsync("CONFIG", "SET", "requirepass", Password);
                await RedisCli.RunAsync(redis.Port, [.. Credential, "CLIENT", "KILL", "TYPE", "normal"]);
                await RedisCli.RunAsync(redis.Port, [.. Credential, "CLIENT", "KILL", "TYPE", "pubsub"]);
                break;
        }
    }

    public static async Task MendAsync(this RedisServer redis, RedisOutage outage)
    {
        switch (outage)
        {
            case RedisOutage.Killed:
                await redis.RestartAsync();
                break;
            case RedisOutage.Stopped:
                redis.Resume();
                break;
            case RedisOutage.Busy:
                await redis.CommandAsync("SCRIPT", "KILL");
                break;
            case RedisOutage.OutOfMemory:
                await redis.CommandAsync("CONFIG", "SET", "maxmemory", "0");
                break;
            case RedisOutage.ReadOnly:
                await redis.CommandAsync("REPLICAOF", "NO", "ONE");
                break;
            case RedisOutage.Alone:
                await redis.CommandAsync("CONFIG", "SET", "min-replicas-to-write", "0");
                break;
            default:
                await RedisCli.RunAsync(redis.Port, [.. Credential, "CONFIG", "SET", "requirepass", ""]);
                break;
        }
    }

    private static string[] Credential => ["--no-auth-warning", "-a", Password];
}
