using Microsoft.Extensions.Logging;

namespace Decision.Runtime.Observation.Quotas;

/// <summary>Messages about quotas.</summary>
internal static partial class QuotaLog
{
    [LoggerMessage(EventId = 1411, EventName = "QuotaReached", Level = LogLevel.Information, Message = "Key {KeyId} of {OrganizationId} reached {Threshold} % of its quota on {Scope}: {Used} of {Max} are used.")]
    public static partial void Reached(ILogger log, string keyId, string organizationId, string scope, double threshold, long used, long max);

    [LoggerMessage(EventId = 1412, EventName = "QuotaUnclaimed", Level = LogLevel.Warning, Message = "A quota reached a threshold, but the store did not say whether that was told already; it is asked again at the next request: {Problem}")]
    public static partial void Unclaimed(ILogger log, string problem);
}
