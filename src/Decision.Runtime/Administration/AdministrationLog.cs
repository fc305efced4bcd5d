using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Administration;

/// <summary>Messages of administration. Keys are named by their id, never by their text.</summary>
internal static partial class AdministrationLog
{
    [LoggerMessage(EventId = 1101, EventName = "ExpiredKeysRemoved", Level = LogLevel.Information, Message = "Removed {Count} expired keys, as their post_expiry_action says.")]
    public static partial void ExpiredKeysRemoved(ILogger log, int count);

    [LoggerMessage(EventId = 1102, EventName = "SweepFailed", Level = LogLevel.Error, Message = "Expired keys could not be removed; they stay unknown, and the next pass tries again.")]
    public static partial void SweepFailed(ILogger log, Exception exception);
}
