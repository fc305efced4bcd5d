/**
 * Why a request is allowed or refused, under the names that the service writes in headers, metrics and logs. The number in each line is the
 * usual HTTP status.
 */
export const Reason = {
  /** 503, or 200 by the failure mode `open`. The service did not answer: the client's failure mode did. Only the client gives it. */
  ServiceUnavailable: "SERVICE_UNAVAILABLE",
  /** 403. The service gave no reason: a denial. */
  Unspecified: "UNSPECIFIED",
  /** 200. Allowed. */
  Allowed: "ALLOWED",
  /** 401. No key was presented, and the path is not public. */
  KeyMissing: "KEY_MISSING",
  /** 403. There is no such key. */
  KeyUnknown: "KEY_UNKNOWN",
  /** 403. The key, a policy of it or its organisation is inactive. */
  KeyInactive: "KEY_INACTIVE",
  /** 401. The key has expired. */
  KeyExpired: "KEY_EXPIRED",
  /** 403. A policy of the key does not exist. */
  PolicyMissing: "POLICY_MISSING",
  /** 403. The key's policies cannot be combined. */
  PolicyInvalid: "POLICY_INVALID",
  /** 403. A policy of the key is not loaded. */
  PolicyInactive: "POLICY_INACTIVE",
  /** 403. Key, policy, API and the asked organisation are not all of one organisation. */
  OrganizationMismatch: "ORGANIZATION_MISMATCH",
  /** 404. No API id was given, and host and path match none. */
  ApiUnknown: "API_UNKNOWN",
  /** 403. The key does not grant the API. */
  ApiNotGranted: "API_NOT_GRANTED",
  /** 403. The key does not grant this version of the API. */
  VersionNotGranted: "VERSION_NOT_GRANTED",
  /** 403. The key does not grant this path with this method. */
  PathNotGranted: "PATH_NOT_GRANTED",
  /** 400. The path is one that proxies may read differently. */
  PathInvalid: "PATH_INVALID",
  /** 403. The client's address is not among those of the key. */
  IpNotGranted: "IP_NOT_GRANTED",
  /** 403. The GraphQL query is deeper than the key may use. */
  QueryTooDeep: "QUERY_TOO_DEEP",
  /** 400. The signature is missing, malformed, too old or wrong. */
  SignatureInvalid: "SIGNATURE_INVALID",
  /** 429. The rate limit of the key, or of the endpoint for this key, is reached. */
  RateLimited: "RATE_LIMITED",
  /** 429. The quota of the key is used up. */
  QuotaExceeded: "QUOTA_EXCEEDED",
  /** 429. The rate limit that all keys of the API share is reached. */
  ApiRateLimited: "API_RATE_LIMITED",
  /** 429. The rate limit of the organisation is reached. */
  OrganizationRateLimited: "ORGANIZATION_RATE_LIMITED",
  /** 429. The quota of the organisation is used up. */
  OrganizationQuotaExceeded: "ORGANIZATION_QUOTA_EXCEEDED",
  /** 503. The service runs, but its store could not be asked in time. */
  StoreUnavailable: "STORE_UNAVAILABLE",
} as const;

/** One of the reasons, as text. */
export type Reason = (typeof Reason)[keyof typeof Reason];

/** The number of a reason that this version does not know, as text: it comes from a newer service, and is a denial. */
export type UnknownReason = `${bigint}`;
