using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Audit;

/// <summary>Messages of the audit log's keeping.</summary>
internal static partial class AuditEventLog
{
    [LoggerMessage(1601, LogLevel.Error, "The audit log does not tell of {Action} of {ObjectKind} {ObjectId} by {ActorName}: its store failed.", EventName = "NotTold")]
    public static partial void NotTold(ILogger log, string action, string objectKind, string objectId, string actorName, Exception error);

    [LoggerMessage(1602, LogLevel.Error, "The act {ActId} is written down, but not in the audit log yet: its store failed. It is put there later, as one of which it is not known whether it was done.", EventName = "Postponed")]
    public static partial void Postponed(ILogger log, string actId, Exception error);

    [LoggerMessage(1603, LogLevel.Warning, "The audit log now tells of the act {ActId}, of which it is not known whether it was done: the server that began it ended, or lost its store.", EventName = "Settled")]
    public static partial void Settled(ILogger log, string actId);

    [LoggerMessage(1604, LogLevel.Information, "Removed the audit log's entries up to {Sequence}, as Audit:Retention says.", EventName = "Pruned")]
    public static partial void Pruned(ILogger log, long sequence);

    [LoggerMessage(1605, LogLevel.Warning, "The audit log could not be tidied; the next pass tries again.", EventName = "TidyFailed")]
    public static partial void TidyFailed(ILogger log, Exception error);
}
