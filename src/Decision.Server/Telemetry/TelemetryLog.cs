namespace Decision.Server.Telemetry;

/// <summary>Messages about telemetry.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(EventId = 4401, EventName = "ExportFailed", Level = LogLevel.Warning, Message = "Telemetry did not arrive at Telemetry:Endpoint: {Problem} ({Unsaid} more since it was last said.)")]
    public static partial void ExportFailed(ILogger log, string problem, long unsaid);
}
