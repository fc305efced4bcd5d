namespace Decision.Server.DecisionLogs;

/// <summary>Messages about the decision log.</summary>
internal static partial class DecisionLogMessages
{
    [LoggerMessage(EventId = 4411, EventName = "DecisionLogFailed", Level = LogLevel.Error, Message = "{Lines} lines of the decision log were not written: {Problem} ({Unsaid} more failures since it was last said.)")]
    public static partial void Failed(ILogger log, int lines, string problem, long unsaid);
}
