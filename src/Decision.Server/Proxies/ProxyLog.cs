namespace Decision.Server.Proxies;

/// <summary>Messages of the ways in for proxies. No header, path or key of a client is in them.</summary>
internal static partial class ProxyLog
{
    [LoggerMessage(EventId = 4101, EventName = "ProxyRequestMalformed", Level = LogLevel.Debug, Message = "A request by {Protocol} could not be read and was refused: {Problem}")]
    public static partial void Malformed(ILogger log, string protocol, string problem);

    [LoggerMessage(EventId = 4102, EventName = "ProxyRequestFailed", Level = LogLevel.Error, Message = "A request by {Protocol} failed and was refused.")]
    public static partial void Failed(ILogger log, string protocol, Exception exception);

    [LoggerMessage(EventId = 4103, EventName = "ForwardAuthUntrusted", Level = LogLevel.Warning, Message = "{Address} asked by forward auth and is in none of ForwardAuth:TrustedNetworks: it is refused.")]
    public static partial void Untrusted(ILogger log, string address);
}
