using Decision.Engine.Charges;
using Microsoft.Extensions.Logging;

namespace Decision.Storage.Embedded;

/// <summary>What the embedded store logs.</summary>
internal static partial class EmbeddedStorageLog
{
    [LoggerMessage(1, LogLevel.Information, "The embedded database is {Path}.", EventName = "Opened")]
    public static partial void Opened(ILogger logger, string path);

    [LoggerMessage(2, LogLevel.Error, "Counters could not be saved; they stay in memory and the next save tries again.", EventName = "SaveFailed")]
    public static partial void SaveFailed(ILogger logger, Exception error);

    [LoggerMessage(3, LogLevel.Information, "Counters are saved again, after {FailedSaves} failed saves since the start.", EventName = "SaveRecovered")]
    public static partial void SaveRecovered(ILogger logger, long failedSaves);

    [LoggerMessage(4, LogLevel.Error,
        "{Count} saved counters of {SubjectKind} {SubjectId} are damaged and start afresh.", EventName = "CountersDamaged")]
    public static partial void CountersDamaged(ILogger logger, int count, SubjectKind subjectKind, string subjectId);

    [LoggerMessage(5, LogLevel.Warning, "Counters that no longer count could not be removed from the database.", EventName = "SweepFailed")]
    public static partial void SweepFailed(ILogger logger, Exception error);

    [LoggerMessage(6, LogLevel.Critical,
        "The server stops with counters that could not be saved: they are as they were at the last save.", EventName = "StoppedUnsaved")]
    public static partial void StoppedUnsaved(ILogger logger);

    [LoggerMessage(7, LogLevel.Error, "Saving or sweeping counters failed in a way that was not foreseen; it goes on at the next tick.", EventName = "TickFailed")]
    public static partial void TickFailed(ILogger logger, Exception error);

    [LoggerMessage(8, LogLevel.Error,
        "{Count} counters that were saved last are damaged: they are as they were some saves before, or start afresh.", EventName = "LogDamaged")]
    public static partial void LogDamaged(ILogger logger, int count);
}
