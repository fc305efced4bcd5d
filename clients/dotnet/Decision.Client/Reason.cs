namespace Decision.Client;

/// <summary>
/// Why a request is allowed or refused. The numbers are those of <c>decision.v1.Reason</c>, but for <see cref="ServiceUnavailable"/>, which the
/// client alone gives. The number in each line is the usual HTTP status.
/// </summary>
public enum Reason
{
    /// <summary>503, or 200 by <see cref="FailureMode.Open"/>. The service did not answer: the client's failure mode did.</summary>
    ServiceUnavailable = -1,

    /// <summary>403. The service gave no reason: a denial.</summary>
    Unspecified = 0,

    /// <summary>200. Allowed.</summary>
    Allowed = 1,

    /// <summary>401. No key was presented, and the path is not public.</summary>
    KeyMissing = 2,

    /// <summary>403. There is no such key.</summary>
    KeyUnknown = 3,

    /// <summary>403. The key, a policy of it or its organisation is inactive.</summary>
    KeyInactive = 4,

    /// <summary>401. The key has expired.</summary>
    KeyExpired = 5,

    /// <summary>403. A policy of the key does not exist.</summary>
    PolicyMissing = 6,

    /// <summary>403. The key's policies cannot be combined.</summary>
    PolicyInvalid = 7,

    /// <summary>403. A policy of the key is not loaded.</summary>
    PolicyInactive = 8,

    /// <summary>403. Key, policy, API and the asked organisation are not all of one organisation.</summary>
    OrganizationMismatch = 9,

    /// <summary>404. No API id was given, and host and path match none.</summary>
    ApiUnknown = 10,

    /// <summary>403. The key does not grant the API.</summary>
    ApiNotGranted = 11,

    /// <summary>403. The key does not grant this version of the API.</summary>
    VersionNotGranted = 12,

    /// <summary>403. The key does not grant this path with this method.</summary>
    PathNotGranted = 13,

    /// <summary>400. The path is one that proxies may read differently.</summary>
    PathInvalid = 14,

    /// <summary>403. The client's address is not among those of the key.</summary>
    IpNotGranted = 15,

    /// <summary>403. The GraphQL query is deeper than the key may use.</summary>
    QueryTooDeep = 16,

    /// <summary>400. The signature is missing, malformed, too old or wrong.</summary>
    SignatureInvalid = 17,

    /// <summary>429. The rate limit of the key, or of the endpoint for this key, is reached.</summary>
    RateLimited = 18,

    /// <summary>429. The quota of the key is used up.</summary>
    QuotaExceeded = 19,

    /// <summary>429. The rate limit that all keys of the API share is reached.</summary>
    ApiRateLimited = 20,

    /// <summary>429. The rate limit of the organisation is reached.</summary>
    OrganizationRateLimited = 21,

    /// <summary>429. The quota of the organisation is used up.</summary>
    OrganizationQuotaExceeded = 22,

    /// <summary>503. The service runs, but its store could not be asked in time.</summary>
    StoreUnavailable = 23,
}
