using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Credentials;

/// <summary>Messages of admin credentials, which are named by their ids, never by their tokens.</summary>
internal static partial class CredentialLog
{
    [LoggerMessage(1501, LogLevel.Warning, "It could not be noted that the admin credential {CredentialId} was used.", EventName = "UseNotNoted")]
    public static partial void UseNotNoted(ILogger log, string credentialId, Exception error);
}
