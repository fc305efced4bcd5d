namespace Decision.Engine;

/// <summary>The status and the sentence of each reason, as a proxy hands them to the client.</summary>
public static class ReasonTable
{
    /// <summary>The HTTP status that a proxy should send; 200 for an admission.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="quotaExceededStatus">The status of a used-up quota, and of an organisation's limits; <c>Limits:QuotaExceededStatus</c>.</param>
    public static int HttpStatus(Reason reason, int quotaExceededStatus = 429) => reason switch
    {
        Reason.Allowed => 200,
        Reason.KeyMissing or Reason.KeyExpired => 401,
        Reason.SignatureInvalid or Reason.PathInvalid => 400,
        Reason.ApiUnknown => 404,
        Reason.RateLimited or Reason.ApiRateLimited => 429,
        Reason.QuotaExceeded or Reason.OrganizationQuotaExceeded or Reason.OrganizationRateLimited => quotaExceededStatus,
        Reason.StoreUnavailable => 503,
        _ => 403,
    };

    /// <summary>What Tyk says for that denial, or our own sentence where it has none; empty for an admission.</summary>
    public static string Message(Reason reason) => reason switch
    {
        Reason.Allowed or Reason.Unspecified => "",
        Reason.KeyMissing => "Authorization field missing",
        Reason.KeyInactive => "Key is inactive, please renew",
        Reason.KeyExpired => "Key has expired, please renew",
        Reason.SignatureInvalid => "Authorization field missing, malformed or invalid",
        Reason.PathNotGranted => "Access to this resource has been disallowed",
        Reason.PathInvalid => "The request's path is ambiguous or malformed",
        Reason.ApiUnknown => "No API answers this host and path",
        Reason.QueryTooDeep => "depth limit exceeded",
        Reason.RateLimited => "Rate Limit Exceeded",
        Reason.QuotaExceeded => "Quota exceeded",
        Reason.ApiRateLimited => "API Rate Limit Exceeded",
        Reason.OrganizationRateLimited => "This organisation rate limit has been exceeded, please contact your API administrator",
        Reason.OrganizationQuotaExceeded => "This organisation quota has been exceeded, please contact your API administrator",
        Reason.StoreUnavailable => "The limits cannot be checked at the moment",
        _ => "Access to this API has been disallowed",
    };

    /// <summary>The reason as the contract spells it, such as <c>RATE_LIMITED</c>.</summary>
    public static string ToName(this Reason reason) => Names[(int)reason];

    private static readonly string[] Names =
    [
        .. Enum.GetNames<Reason>().Select(name => string.Concat(name.Select((character, index) =>
            index > 0 && char.IsUpper(character) ? "_" + character : char.ToUpperInvariant(character).ToString()))),
    ];
}
