namespace Decision.Server.Tls;

/// <summary>Messages about certificates.</summary>
internal static partial class TlsLog
{
    [LoggerMessage(EventId = 4201, EventName = "CertificateRenewed", Level = LogLevel.Information, Message = "New connections get the renewed certificate {Subject}, which ends on {End}.")]
    public static partial void Renewed(ILogger log, string subject, string end);

    [LoggerMessage(EventId = 4202, EventName = "CertificateNotRenewed", Level = LogLevel.Error, Message = "The certificate files changed and cannot be used; the certificate in force stays: {Problem}")]
    public static partial void NotRenewed(ILogger log, string problem);

    [LoggerMessage(EventId = 4203, EventName = "CertificateEndsSoon", Level = LogLevel.Warning, Message = "The certificate {Subject} in {File} ends on {End}: renew it.")]
    public static partial void EndsSoon(ILogger log, string subject, string end, string file);

    [LoggerMessage(EventId = 4204, EventName = "ClientCaRenewed", Level = LogLevel.Information, Message = "{File} changed: new connections' certificates are checked by it.")]
    public static partial void ClientCaRenewed(ILogger log, string file);
}
