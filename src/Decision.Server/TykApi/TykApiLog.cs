namespace Decision.Server.TykApi;

/// <summary>Messages of Tyk's API. Keys are named by their id, never by their text.</summary>
internal static partial class TykApiLog
{
    [LoggerMessage(EventId = 4201, EventName = "KeyWarned", Level = LogLevel.Warning, Message = "Key {KeyId} was written by Tyk's API with a warning: {Warning}")]
    public static partial void KeyWarned(ILogger log, string keyId, string warning);

    [LoggerMessage(EventId = 4202, EventName = "PolicyWarned", Level = LogLevel.Warning, Message = "Policy {PolicyId} was written by Tyk's API with a warning: {Warning}")]
    public static partial void PolicyWarned(ILogger log, string policyId, string warning);

    [LoggerMessage(EventId = 4203, EventName = "UsedPolicyDeleted", Level = LogLevel.Warning, Message = "Policy {PolicyId} was deleted by Tyk's API while {Keys} keys use it: they are refused or lose what it gave. A rollback brings it back.")]
    public static partial void UsedPolicyDeleted(ILogger log, string policyId, long keys);

    [LoggerMessage(EventId = 4204, EventName = "ReloadFailed", Level = LogLevel.Error, Message = "A reload that Tyk's API asked for failed.")]
    public static partial void ReloadFailed(ILogger log, Exception exception);

    [LoggerMessage(EventId = 4205, EventName = "ListBroken", Level = LogLevel.Error, Message = "The store failed in the middle of a list of keys; the connection was closed, so that nobody takes the part for the whole.")]
    public static partial void ListBroken(ILogger log, Exception exception);

    [LoggerMessage(EventId = 4206, EventName = "OrganizationWarned", Level = LogLevel.Warning, Message = "Organisation {OrganizationId} was written by Tyk's API with a warning: {Warning}")]
    public static partial void OrganizationWarned(ILogger log, string organizationId, string warning);
}
