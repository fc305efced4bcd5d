namespace Decision.Client.AspNetCore;

/// <summary>Messages of the middleware. No header, query or key of a client is in them.</summary>
internal static partial class MiddlewareLog
{
    [LoggerMessage(EventId = 6101, EventName = "RequestMalformed", Level = LogLevel.Debug, Message = "A request could not be read and was refused: {Problem}")]
    public static partial void Malformed(ILogger log, string problem);

    [LoggerMessage(EventId = 6102, EventName = "NotLetAsk", Level = LogLevel.Error, Message = "The Decision service does not let this program ask; every request is refused.")]
    public static partial void NotLetAsk(ILogger log, Exception exception);
}
