namespace Decision.Engine;

/// <summary>Why a verdict is what it is. The order is the contract's, not the order of the steps.</summary>
public enum Reason : byte
{
    /// <summary>Never in a verdict.</summary>
    Unspecified = 0,

    /// <summary>Every step passed, every limit had room.</summary>
    Allowed,

    /// <summary>The request carries no key.</summary>
    KeyMissing,

    /// <summary>No key has this text, or the key was deleted or rotated away.</summary>
    KeyUnknown,

    /// <summary>The key, one of its policies or its organisation is switched off.</summary>
    KeyInactive,

    /// <summary>The key's time is over.</summary>
    KeyExpired,

    /// <summary>The key names a policy that does not exist, and nothing that remains may stand for it.</summary>
    PolicyMissing,

    /// <summary>The key's policies cannot be applied together.</summary>
    PolicyInvalid,

    /// <summary>The key names a policy that is switched off, and nothing that remains may stand for it.</summary>
    PolicyInactive,

    /// <summary>A policy, the API or the caller's claim is of another organisation than the key.</summary>
    OrganizationMismatch,

    /// <summary>No registered API answers this host and path.</summary>
    ApiUnknown,

    /// <summary>The key has no right on this API.</summary>
    ApiNotGranted,

    /// <summary>The key has no right on this version of the API.</summary>
    VersionNotGranted,

    /// <summary>The key has no right on this path with this method.</summary>
    PathNotGranted,

    /// <summary>The path could be read in more than one way.</summary>
    PathInvalid,

    /// <summary>The client's address is not in the key's list.</summary>
    IpNotGranted,

    /// <summary>The query is deeper than the key may ask.</summary>
    QueryTooDeep,

    /// <summary>The key demands a signature, and this request's is missing or wrong.</summary>
    SignatureInvalid,

    /// <summary>The key's rate, or the endpoint's, is used up for now.</summary>
    RateLimited,

    /// <summary>The key's quota is used up.</summary>
    QuotaExceeded,

    /// <summary>The API's rate over all keys is used up for now.</summary>
    ApiRateLimited,

    /// <summary>The organisation's rate is used up for now.</summary>
    OrganizationRateLimited,

    /// <summary>The organisation's quota is used up.</summary>
    OrganizationQuotaExceeded,

    /// <summary>The store did not answer, and nothing may stand for it.</summary>
    StoreUnavailable,
}
