/** One request as a proxy or an application received it. */
export interface AuthorizationRequest {
  /**
   * The key as it was presented; a leading `Bearer ` is allowed. Left out or empty = none was presented; refused with `KEY_MISSING` unless the
   * path is public.
   */
  readonly apiKey?: string | undefined;

  /**
   * The API that the request is for: 1 to 128 characters of `A-Z a-z 0-9 . _ ~ -`. Left out or empty = the service finds it by {@link host} and
   * {@link path}.
   */
  readonly apiId?: string | undefined;

  /** The version of the API that was asked for, 256 characters at most. Left out or empty = the API's default version. */
  readonly apiVersion?: string | undefined;

  /** The HTTP method, in any case. */
  readonly method: string;

  /**
   * The path as the client sent it, still percent-encoded. A query string decides nothing: leave it out, but for a key that signs it. Left out or
   * empty = `/`.
   */
  readonly path?: string | undefined;

  /** The host that the client asked for, with or without a port. Required where {@link apiId} is left out. */
  readonly host?: string | undefined;

  /** What the request counts for on every limit, in units. Left out or 0 = 1. */
  readonly cost?: number | bigint | undefined;

  /** The client's address, IPv4 or IPv6, as far as it can be trusted. Left out = not known; a key that is bound to addresses is refused then. */
  readonly clientIp?: string | undefined;

  /** The caller's own name for the request, for logs and traces; 256 characters at most. Never changes a verdict. */
  readonly requestId?: string | undefined;

  /** The headers that a signature needs: `Authorization`, `Date` and each that was signed. Left out = none, which suffices for keys that need not sign. */
  readonly headers?: readonly RequestHeader[] | undefined;

  /** The depth of a GraphQL query, in levels. Left out = not known; then it is not checked. */
  readonly queryDepth?: number | undefined;

  /** The organisation that the key must belong to. Left out or empty = any. */
  readonly organizationId?: string | undefined;

  /** True = decide and tell what is left, but spend nothing. Such a request is never answered from memory. */
  readonly peek?: boolean | undefined;

  /**
   * Makes asking again safe: the same value for the same key and request within 60 s gives the first verdict again and spends nothing more.
   * Never take it from the client's request. Such a request is never answered from memory.
   */
  readonly idempotencyKey?: string | undefined;
}

/** One header of a client's request. */
export interface RequestHeader {
  /** Its name, in any case. */
  readonly name: string;

  /** Its value as it came. */
  readonly value: string;
}
