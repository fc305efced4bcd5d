namespace Decision.Server;

/// <summary>Messages of the host. Secrets are named by the file that holds them.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(EventId = 4001, EventName = "Started", Level = LogLevel.Information, Message = "Decision {Version} is ready: {Addresses}; store {Store}; {Policies} policies, {Apis} APIs.")]
    public static partial void Started(ILogger log, string version, string addresses, string store, int policies, int apis);

    [LoggerMessage(EventId = 4002, EventName = "SecretMade", Level = LogLevel.Information, Message = "{Setting} was not set: made one and keep it in {File}.")]
    public static partial void SecretMade(ILogger log, string setting, string file);

    [LoggerMessage(EventId = 4003, EventName = "SecretReadable", Level = LogLevel.Warning, Message = "Others than the server's user can read {File}, which holds {Setting}: run chmod 600 on it, and replace the secret if they may have.")]
    public static partial void SecretReadable(ILogger log, string file, string setting);

    [LoggerMessage(EventId = 4004, EventName = "CleartextAddress", Level = LogLevel.Warning, Message = "{Setting} listens on {Address} without TLS: keys and secrets cross the network in clear. Use a loopback address, or TLS (Server:Tls:CertificateFile).")]
    public static partial void CleartextAddress(ILogger log, string setting, string address);

    [LoggerMessage(EventId = 4005, EventName = "UnusedSetting", Level = LogLevel.Warning, Message = "The setting {Setting} means nothing to this server and is not used.")]
    public static partial void UnusedSetting(ILogger log, string setting);

    [LoggerMessage(EventId = 4006, EventName = "Draining", Level = LogLevel.Information, Message = "A stop was asked for: not ready any more, running calls have {DrainTime} to end.")]
    public static partial void Draining(ILogger log, TimeSpan drainTime);

    [LoggerMessage(EventId = 4007, EventName = "CallFailed", Level = LogLevel.Error, Message = "The call {Method} failed.")]
    public static partial void CallFailed(ILogger log, string method, Exception exception);

    [LoggerMessage(EventId = 4008, EventName = "StoreFailed", Level = LogLevel.Error, Message = "The store did not answer the call {Method}.")]
    public static partial void StoreFailed(ILogger log, string method, Exception exception);

    [LoggerMessage(EventId = 4009, EventName = "AdminRefused", Level = LogLevel.Warning, Message = "The admin call {Method} from {Peer} was refused: {Problem}")]
    public static partial void AdminRefused(ILogger log, string method, string peer, string problem);

    [LoggerMessage(EventId = 4011, EventName = "TooManyConnections", Level = LogLevel.Warning, Message = "{Setting} has {Connections} connections, as many as Server:MaxConnections lets it: a further one was closed. ({Unsaid} more since it was last said.)")]
    public static partial void TooManyConnections(ILogger log, string setting, int connections, long unsaid);

    [LoggerMessage(EventId = 4012, EventName = "WarmedUp", Level = LogLevel.Debug, Message = "Warmed up: a call through the server was answered after {Took}.")]
    public static partial void WarmedUp(ILogger log, TimeSpan took);

    [LoggerMessage(EventId = 4013, EventName = "WarmUpFailed", Level = LogLevel.Warning, Message = "The server did not answer its own first call: it starts all the same, but its first calls may take longer.")]
    public static partial void WarmUpFailed(ILogger log, Exception exception);

    [LoggerMessage(EventId = 4014, EventName = "StrayVariable", Level = LogLevel.Warning, Message = "The environment variable {Variable} is no setting of this server and is not used: settings are written DECISION_Section__Name, such as DECISION_Server__Grpc.")]
    public static partial void StrayVariable(ILogger log, string variable);

    [LoggerMessage(EventId = 4015, EventName = "AdminSecretReloaded", Level = LogLevel.Information, Message = "{File} changed: its admin secret counts at once, and the one before it no more.")]
    public static partial void AdminSecretReloaded(ILogger log, string file);

    [LoggerMessage(EventId = 4016, EventName = "AdminSecretNotReloaded", Level = LogLevel.Error, Message = "{File} changed, and the admin secret before it stays in force: the file {Problem}")]
    public static partial void AdminSecretNotReloaded(ILogger log, string file, string problem);

    [LoggerMessage(EventId = 4017, EventName = "LogLevelsReloaded", Level = LogLevel.Warning, Message = "Logging changed in the settings and counts at once: {Changes}.")]
    public static partial void LogLevelsReloaded(ILogger log, string changes);

    [LoggerMessage(EventId = 4018, EventName = "SettingsNotReloaded", Level = LogLevel.Error, Message = "The settings files changed and cannot be used; log levels stay as they are: {Problem}")]
    public static partial void SettingsNotReloaded(ILogger log, string problem);

    [LoggerMessage(EventId = 4019, EventName = "SettingsNeedRestart", Level = LogLevel.Warning, Message = "The settings files changed; this counts from the next start on: {Settings}.")]
    public static partial void SettingsNeedRestart(ILogger log, string settings);

    [LoggerMessage(EventId = 4020, EventName = "ConsoleMissing", Level = LogLevel.Warning, Message = "{Setting} is true, but {Problem}. Use a server that was published with it.")]
    public static partial void ConsoleMissing(ILogger log, string setting, string problem);

    [LoggerMessage(EventId = 4010, EventName = "Stopped", Level = LogLevel.Information, Message = "Stopped.")]
    public static partial void Stopped(ILogger log);
}
