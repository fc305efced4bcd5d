using Microsoft.Extensions.Logging;

namespace Decision.Client;

/// <summary>Messages of the client. No key, token or path is in them.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(EventId = 6001, EventName = "AddressFailed", Level = LogLevel.Warning, Message = "The Decision service at {Address} gives no verdict: {Detail}")]
    public static partial void AddressFailed(ILogger log, string address, string detail);

    [LoggerMessage(EventId = 6002, EventName = "AnswersAgain", Level = LogLevel.Information, Message = "The Decision service at {Address} answers again.")]
    public static partial void AnswersAgain(ILogger log, string address);

    [LoggerMessage(EventId = 6003, EventName = "FailureModeAnswered", Level = LogLevel.Debug, Message = "Answered by the failure mode {Mode}: {Detail}")]
    public static partial void FailureModeAnswered(ILogger log, FailureMode mode, string detail);

    [LoggerMessage(EventId = 6004, EventName = "CleartextAddress", Level = LogLevel.Warning, Message = "The Decision service is asked at {Address} without TLS: keys cross the network in clear. Use https://, or a service on this machine.")]
    public static partial void CleartextAddress(ILogger log, string address);

    [LoggerMessage(EventId = 6005, EventName = "OpenFailureMode", Level = LogLevel.Warning, Message = "Decision:FailureMode is Open: every request passes while the Decision service does not answer.")]
    public static partial void OpenFailureMode(ILogger log);
}
