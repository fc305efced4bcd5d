using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Decision.Storage.Redis;

/// <summary>Messages of the Redis store.</summary>
internal static partial class RedisStorageLog
{
    [LoggerMessage(EventId = 3001, EventName = "RedisConnected", Level = LogLevel.Information, Message = "Redis at {Target} is connected.")]
    public static partial void Connected(ILogger log, string target);

    [LoggerMessage(EventId = 3002, EventName = "RedisNotConnected", Level = LogLevel.Error, Message = "Redis at {Target} does not answer. The service goes on without it, as on_store_failure says, and keeps trying.")]
    public static partial void NotConnected(ILogger log, string target);

    [LoggerMessage(EventId = 3003, EventName = "RedisConnectionFailed", Level = LogLevel.Warning, Message = "The {Type} connection to Redis at {Target} failed: {Failure}. It is tried again.")]
    public static partial void ConnectionFailed(ILogger log, string target, ConnectionType type, ConnectionFailureType failure);

    [LoggerMessage(EventId = 3004, EventName = "RedisReconfigureFailed", Level = LogLevel.Warning, Message = "Which Redis takes writes could not be asked.")]
    public static partial void ReconfigureFailed(ILogger log, Exception exception);

    [LoggerMessage(EventId = 3005, EventName = "RedisBreakerOpened", Level = LogLevel.Error, Message = "Redis failed repeatedly ({Problem}); it is not asked for {Milliseconds} ms.")]
    public static partial void BreakerOpened(ILogger log, string problem, double milliseconds);

    [LoggerMessage(EventId = 3006, EventName = "RedisBreakerClosed", Level = LogLevel.Information, Message = "Redis answers again.")]
    public static partial void BreakerClosed(ILogger log);

    [LoggerMessage(EventId = 3007, EventName = "RedisMasterFound", Level = LogLevel.Information, Message = "The Sentinels name {Target} as the master of {Service}; it is connected.")]
    public static partial void MasterFound(ILogger log, string service, string target);

    [LoggerMessage(EventId = 3008, EventName = "RedisNoMaster", Level = LogLevel.Error, Message = "The Sentinels at {Target} lead to no Redis. {Problem} The service goes on without it, as on_store_failure says, and keeps trying.")]
    public static partial void NoMaster(ILogger log, string target, string problem);

    [LoggerMessage(EventId = 3009, EventName = "RedisLinkFailed", Level = LogLevel.Warning, Message = "The connection for decisions could not be made: {Problem} Until it is, decisions go over the one that everything else goes over, at more CPU for each.")]
    public static partial void LinkFailed(ILogger log, string problem);

    [LoggerMessage(EventId = 3011, EventName = "RedisKeyNotCleared", Level = LogLevel.Warning, Message = "Key {KeyId} is written or refused as answered, but its entries in the index could not be brought up to date. The next list or count does it.")]
    public static partial void KeyNotCleared(ILogger log, string keyId, Exception exception);

    [LoggerMessage(EventId = 3012, EventName = "RedisNotSubscribed", Level = LogLevel.Warning, Message = "Changes of other replicas are not heard of at the moment: {Problem} They are still found by comparing.")]
    public static partial void NotSubscribed(ILogger log, string problem);

    [LoggerMessage(EventId = 3013, EventName = "RedisSettingsWrong", Level = LogLevel.Warning, Message = "{Problem}")]
    public static partial void SettingsWrong(ILogger log, string problem);

    [LoggerMessage(EventId = 3014, EventName = "RedisSettingsUnread", Level = LogLevel.Warning, Message = "Whether Redis at {Target} keeps what it acknowledges could not be checked: {Problem}")]
    public static partial void SettingsUnread(ILogger log, string target, string problem);

    [LoggerMessage(EventId = 3021, EventName = "RedisCountersTrimmed", Level = LogLevel.Information, Message = "{Count} counters that no longer counted were removed from Redis.")]
    public static partial void CountersTrimmed(ILogger log, long count);

    [LoggerMessage(EventId = 3022, EventName = "RedisCountersDamaged", Level = LogLevel.Warning, Message = "{Count} counters in Redis are damaged, or of a later version of this service; they were left as they are. A key that has one is told by its answers: reset its usage.")]
    public static partial void CountersDamaged(ILogger log, long count);

    [LoggerMessage(EventId = 3023, EventName = "RedisTrimFailed", Level = LogLevel.Warning, Message = "Counters in Redis that no longer count could not all be removed: {Problem} The next turn goes on.")]
    public static partial void TrimFailed(ILogger log, string problem, Exception exception);

    [LoggerMessage(EventId = 3031, EventName = "RedisSecretsKeyWrong", Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void SecretsKeyWrong(ILogger log, string problem);

    [LoggerMessage(EventId = 3032, EventName = "RedisSecretsKeyUnread", Level = LogLevel.Warning, Message = "Whether all replicas have the same Secrets:Key could not be checked: {Problem}")]
    public static partial void SecretsKeyUnread(ILogger log, string problem);

    [LoggerMessage(EventId = 3033, EventName = "RedisLayoutNewer", Level = LogLevel.Error, Message = "{Problem}")]
    public static partial void LayoutNewer(ILogger log, string problem);
}
