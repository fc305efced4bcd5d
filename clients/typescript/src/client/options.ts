import type { Verdict } from "../verdict.js";

/**
 * Settings of a client. What is left out comes from the environment, under the name at each; what is in neither has the default. Wrong ones are
 * told all at once, by a `DecisionOptionsError`.
 */
export interface DecisionClientOptions extends ConnectionOptions {
  /**
   * What the answer is when the service gives none. `closed`: refused, with HTTP status 503. `open`: allowed, without any check, also without a
   * key, for as long as the service does not answer. Default: `closed`. `DECISION_FAILURE_MODE`.
   */
  readonly failureMode?: FailureMode | undefined;

  /**
   * How long one decision may take, with connecting and all, in milliseconds, 1 to 60,000; then the failure mode answers. It is told to the
   * service, which stops too. Default: 200. `DECISION_DEADLINE`, such as `200ms`.
   */
  readonly deadlineMs?: number | undefined;

  /** The same for a whole batch, 1 to 300,000. Default: 5,000. `DECISION_BATCH_DEADLINE`, such as `5s`. */
  readonly batchDeadlineMs?: number | undefined;

  /**
   * The token that this client shows to the service, sent as `authorization: Bearer TOKEN`. Visible ASCII without blanks. Without TLS it crosses
   * the network in clear, as the keys do. Default: none. `DECISION_TOKEN`.
   */
  readonly token?: string | undefined;

  /**
   * How many denials by rate or quota are remembered, each for a second at most, so that a client that keeps calling costs few calls. About
   * 1 KiB each. Default: 10,000; 0 = nothing is remembered; 1,000,000 at most. `DECISION_DENIAL_MEMORY_CAPACITY`.
   */
  readonly denialMemoryCapacity?: number | undefined;

  /** Called with each verdict, for metrics. What it throws is logged and otherwise ignored. */
  readonly onVerdict?: ((verdict: Verdict) => void) | undefined;
}

/** Where the service is, and how to connect to it. */
export interface ConnectionOptions {
  /**
   * Where the service is: one address, or several, which are asked in turn. `http://host:port` (HTTP/2 without TLS), `https://host:port`, or
   * `unix:/path/of/the.sock`. Default: `http://127.0.0.1:50051`. `DECISION_ADDRESS`, several separated by commas.
   */
  readonly address?: string | readonly string[] | undefined;

  /** How to know the service, and be known by it, on `https` addresses. Default: the trusted roots of Node.js, no certificate of our own. */
  readonly tls?: TlsOptions | undefined;

  /** Where to tell of an address that fails and the like. Default: warnings to stderr. `false` = nowhere. */
  readonly log?: DecisionLog | false | undefined;
}

/** Settings of TLS. Files are read again for each new connection, so that a renewed certificate needs no restart. */
export interface TlsOptions {
  /** A PEM file with the certificates that may have signed the service's, in place of the roots of Node.js. `DECISION_TLS_CA_FILE`. */
  readonly caFile?: string | undefined;

  /** A PEM file with the certificate by which this client is known, and what leads to its root. With {@link keyFile}. `DECISION_TLS_CERTIFICATE_FILE`. */
  readonly certificateFile?: string | undefined;

  /** A PEM file with the private key of {@link certificateFile}, not encrypted. `DECISION_TLS_KEY_FILE`. */
  readonly keyFile?: string | undefined;

  /** The name that the service's certificate must have. Default: the host of the address. `DECISION_TLS_SERVER_NAME`. */
  readonly serverName?: string | undefined;
}

/** What the answer is when the service gives none: it cannot be reached, is too slow, or fails. */
export type FailureMode = "closed" | "open";

/** Where messages go: a logger of pino or winston, `console`, and the like. No key, token, path or query is ever in a message. */
export interface DecisionLog {
  warn(message: string): void;
  info(message: string): void;
}
