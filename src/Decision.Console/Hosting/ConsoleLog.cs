using Microsoft.Extensions.Logging;

namespace Decision.Console.Hosting;

/// <summary>Messages of the console; never a secret.</summary>
internal static partial class ConsoleLog
{
    [LoggerMessage(EventId = 6001, EventName = "SignedIn", Level = LogLevel.Information, Message = "{Actor} has signed in to the console from {Peer}.")]
    public static partial void SignedIn(ILogger log, string actor, string peer);

    [LoggerMessage(EventId = 6002, EventName = "PageFailed", Level = LogLevel.Error, Message = "The console failed at {Action}.")]
    public static partial void PageFailed(ILogger log, string action, Exception exception);

    [LoggerMessage(EventId = 6003, EventName = "StoreFailed", Level = LogLevel.Warning, Message = "The store did not answer the console at {Action}: {Problem}")]
    public static partial void StoreFailed(ILogger log, string action, string problem);
}
