using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Catalogs;

/// <summary>Messages of following the store's policies, APIs and organisations.</summary>
internal static partial class CatalogLog
{
    [LoggerMessage(1301, LogLevel.Error, "The store does not answer: its policies, APIs and organisations are not loaded, and keys cannot be decided until they are. It is asked again each {Interval}.", EventName = "StoreUnread")]
    public static partial void StoreUnread(ILogger log, TimeSpan interval, Exception error);

    [LoggerMessage(1302, LogLevel.Information, "The store's {Policies} policies, {Apis} APIs and {Organizations} organisations are loaded.", EventName = "StoreRead")]
    public static partial void StoreRead(ILogger log, int policies, int apis, int organizations);

    [LoggerMessage(1303, LogLevel.Information, "What another replica changed is in force: the store has {Policies} policies, {Apis} APIs and {Organizations} organisations.", EventName = "Followed")]
    public static partial void Followed(ILogger log, int policies, int apis, int organizations);

    [LoggerMessage(1304, LogLevel.Error, "{Problem}", EventName = "StoreUnreadable")]
    public static partial void StoreUnreadable(ILogger log, string problem);

    [LoggerMessage(1305, LogLevel.Information, "The store's policies, APIs and organisations can be read again.", EventName = "StoreReadable")]
    public static partial void StoreReadable(ILogger log);

    [LoggerMessage(1306, LogLevel.Warning, "The store does not say whether policies, APIs or organisations were changed; those in force stay.", EventName = "CheckFailed")]
    public static partial void CheckFailed(ILogger log, Exception error);

    [LoggerMessage(1307, LogLevel.Information, "The store says again whether policies, APIs or organisations were changed.", EventName = "CheckAnswers")]
    public static partial void CheckAnswers(ILogger log);

    [LoggerMessage(1308, LogLevel.Error, "Following the store failed in a way that was not foreseen; it goes on at the next check.", EventName = "FollowFailed")]
    public static partial void FollowFailed(ILogger log, Exception error);
}
