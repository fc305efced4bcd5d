using Decision.Engine;
using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Decisions;

/// <summary>Messages of the decision path. Keys are named by their id, never by their text.</summary>
internal static partial class DecisionLog
{
    [LoggerMessage(EventId = 1001, EventName = "CounterStoreFailed", Level = LogLevel.Error, Message = "The counters did not answer; the failure policy decides: {Problem} ({Unsaid} failures before were not logged)")]
    public static partial void CounterStoreFailed(ILogger log, string problem, long unsaid);

    [LoggerMessage(EventId = 1002, EventName = "KeyStoreFailed", Level = LogLevel.Error, Message = "The keys' store did not answer; a key that is not in memory is refused: {Problem} ({Unsaid} failures before were not logged)")]
    public static partial void KeyStoreFailed(ILogger log, string problem, long unsaid);

    [LoggerMessage(EventId = 1003, EventName = "Shadowed", Level = LogLevel.Information, Message = "Key {KeyId} would have been refused ({Reason}); the limit is in shadow.")]
    public static partial void Shadowed(ILogger log, string keyId, Reason reason);

    [LoggerMessage(EventId = 1004, EventName = "KeyKeptChanging", Level = LogLevel.Warning, Message = "Key {KeyId} was changed by others at each of {Attempts} attempts to decide; the request is refused.")]
    public static partial void KeyKeptChanging(ILogger log, string keyId, int attempts);

    [LoggerMessage(EventId = 1005, EventName = "CounterStoreAnswers", Level = LogLevel.Information, Message = "The counters answer again, after {Failed} failures.")]
    public static partial void CounterStoreAnswers(ILogger log, long failed);

    [LoggerMessage(EventId = 1006, EventName = "KeyStoreAnswers", Level = LogLevel.Information, Message = "The keys' store answers again, after {Failed} failures.")]
    public static partial void KeyStoreAnswers(ILogger log, long failed);
}
