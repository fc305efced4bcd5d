namespace Decision.Server.Webhooks;

/// <summary>Messages about the webhook.</summary>
internal static partial class WebhookLog
{
    [LoggerMessage(EventId = 4421, EventName = "WebhookRetried", Level = LogLevel.Information, Message = "The event {EventId} did not arrive at try {Try}, the next one is in {Pause}: {Problem}")]
    public static partial void Retried(ILogger log, string eventId, int @try, TimeSpan pause, string problem);

    [LoggerMessage(EventId = 4422, EventName = "WebhookFailed", Level = LogLevel.Error, Message = "The event {EventId} did not arrive and is given up: {Problem}")]
    public static partial void Failed(ILogger log, string eventId, string problem);

    [LoggerMessage(EventId = 4423, EventName = "WebhookDropped", Level = LogLevel.Error, Message = "Too many events wait for the webhook: {Dropped} were dropped.")]
    public static partial void Dropped(ILogger log, long dropped);

    [LoggerMessage(EventId = 4424, EventName = "WebhookLeft", Level = LogLevel.Warning, Message = "{Left} events for the webhook were not sent before the stop.")]
    public static partial void Left(ILogger log, int left);
}
