namespace Decision.Server.Callers;

/// <summary>Messages about callers. No token is in them.</summary>
internal static partial class CallerLog
{
    [LoggerMessage(EventId = 4301, EventName = "CallersReloaded", Level = LogLevel.Information, Message = "{File} changed and counts at once: {Count} callers.")]
    public static partial void Reloaded(ILogger log, string file, int count);

    [LoggerMessage(EventId = 4302, EventName = "CallersNotReloaded", Level = LogLevel.Error, Message = "{File} changed and cannot be used, the callers in force stay: {Problem}")]
    public static partial void NotReloaded(ILogger log, string file, string problem);

    [LoggerMessage(EventId = 4303, EventName = "CallerUnknown", Level = LogLevel.Warning, Message = "A call from {Address} was refused: {Problem} ({Unsaid} more of that kind since it was last said.)")]
    public static partial void Unknown(ILogger log, string address, string problem, long unsaid);

    [LoggerMessage(EventId = 4304, EventName = "CallerOutOfScope", Level = LogLevel.Warning, Message = "The caller {Caller} was refused: it {What}. ({Unsaid} more of that kind since it was last said.)")]
    public static partial void OutOfScope(ILogger log, string caller, string what, long unsaid);
}
