using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Observation.Usage;

/// <summary>Messages about the use over time.</summary>
internal static partial class UsageLog
{
    [LoggerMessage(EventId = 1401, EventName = "UsageFailed", Level = LogLevel.Warning, Message = "The use over time was not taken to the store, and is tried again: {Problem}")]
    public static partial void Failed(ILogger log, string problem);

    [LoggerMessage(EventId = 1402, EventName = "UsageAnswers", Level = LogLevel.Information, Message = "The use over time is in the store again.")]
    public static partial void Answers(ILogger log);
}
